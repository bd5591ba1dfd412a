import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteIdentityCommand, SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { readPlatform } from '../../infra/read-platform.ts';
import { dynamo } from '../../lambdas/adapters/dynamo.ts';
import { findMail } from '../../lambdas/adapters/inbound-mail.ts';
import { storage } from '../../lambdas/adapters/lake/lake-storage.ts';
import { unreadMails } from '../../lambdas/adapters/unread-mail.ts';
import type { ArrivedMail } from '../../lambdas/domain/mail/inbound.ts';
import type { receiveOne as Receive } from '../../lambdas/steps/receiving-mail.ts';
import type * as Rereading from '../../lambdas/steps/rereading-mail.ts';
import { emptyTable, everyRow, makeTables } from '../adapters/tables.ts';
import { bundled } from '../emulator/bundled.ts';
import { everyMail } from '../emulator/sent-mails.ts';
import { ADesk } from './a-desk.ts';
import { corpusMail, PASSED } from './a-mail.ts';
import { REQUEST } from './expected.ts';

/** Of these tests alone: others send mails at the same time, to the same people. */
const SENDER = 'receiving-mail@shop.example';
const ADMIN = 'tenant-admin@shop.example';
const OPERATOR = 'operator@shop.example';

const folder = mkdtempSync(join(tmpdir(), 'receiving-mail-'));
const ses = new SESClient({});
const s3 = new S3Client({ forcePathStyle: true });
const verify = (EmailAddress: string) => ses.send(new VerifyEmailIdentityCommand({ EmailAddress }));

let receiveOne: typeof Receive;
let rereading: typeof Rereading;
let desk: ADesk;
let mailsBefore: number;
let now: Date;
let hour = 0;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  await makeTables();
  await s3.send(new CreateBucketCommand({ Bucket: process.env.INBOUND_MAIL_BUCKET }));
  const definition = readPlatform('demo');
  definition.platform.sender = SENDER;
  definition.platform.mailDoor = {
    address: 'privacy@requests.shop.example',
    perSenderAnHour: 4,
    intakeAnHour: 3,
  };
  ({ receiveOne } = await import(await bundled('../steps/receiving-mail', definition, folder)));
  rereading = await import(await bundled('../steps/rereading-mail', definition, folder));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  for (const table of ['requestsTable', 'ledgerTable'] as const) await emptyTable(table);
  for (const address of [SENDER, ADMIN, OPERATOR, 'support@shop.example', 'crm-owner@shop.example'])
    await verify(address);
  desk = new ADesk('7GQ2M0XK', ulid);
  mailsBefore = (await ourMails()).length;
  hour += 1;
  now = new Date(Date.UTC(2026, 10, 25, hour));
});

const ourMails = async () =>
  (await everyMail()).filter((mail) => JSON.stringify(mail).includes(SENDER));

/** A mail of the corpus, in which our own address is that of these tests. */
const asOfSender = (raw: string | Uint8Array): string =>
  Buffer.from(raw).toString('latin1').replaceAll('privacy@shop.example', SENDER);

const written = async () => (await ourMails()).slice(mailsBefore);

async function stored(mail: string | Uint8Array, mailId: string): Promise<void> {
  const Body =
    typeof mail === 'string' ? Buffer.from(asOfSender(corpusMail(mail)), 'latin1') : mail;
  const Key = `inbound/${mailId}`;
  await s3.send(new PutObjectCommand({ Bucket: process.env.INBOUND_MAIL_BUCKET, Key, Body }));
}

async function arrives(
  mail: string | Uint8Array,
  { mailId = ulid(), ...arrived }: Partial<ArrivedMail> = {},
) {
  await stored(mail, mailId);
  const { outcome } = await receiveOne(
    {
      mailId,
      envelopeFrom: 'somebody@sender.example',
      receivedAt: '2026-11-24T22:30:00.000Z',
      verdicts: PASSED,
      ...arrived,
    },
    desk,
    now,
  );
  return outcome;
}

/** As a process leaves its row that dies before the fate is recorded. */
const forgetFate = (mailId: string) =>
  dynamo.send(
    new UpdateCommand({
      TableName: process.env.REQUESTS_TABLE,
      Key: { pk: `MAIL#${mailId}`, sk: 'MAIL' },
      UpdateExpression: 'REMOVE fate, #reason, notice, recordedAt, repliedAt',
      ExpressionAttributeNames: { '#reason': 'reason' },
    }),
  );

const fatesEntered = async () =>
  (await everyRow('ledgerTable')).map(({ facts }) => (facts as { fate: string }).fate);

describe('a request of the tenant admin', () => {
  it('opens one request for each person, to be confirmed, from the day of receipt', async () => {
    expect(await arrives('access-two-people')).toBe('request');
    const common = {
      ...{ kind: 'access', subjectKind: 'customer', by: 'mail', channel: 'mail', confirm: true },
      receivedAt: '2026-11-24T22:30:00.000Z',
    };
    expect(desk.opened).toEqual([
      { ...common, identities: [{ type: 'email', value: 'anna.berg@example.org' }] },
      { ...common, identities: [{ type: 'email', value: 'ben.koch@example.net' }] },
    ]);
  });

  it('is said back to the registered address, masked, and to no other', async () => {
    await arrives('reply-to-elsewhere');
    const [mail, ...others] = await written();
    expect(others).toEqual([]);
    expect(mail?.To).toEqual([ADMIN]);
    expect(mail?.BodyText).toContain('hand over a copy');
    expect(JSON.stringify(mail)).not.toMatch(/anna\.berg|mallory/);
  });

  it('is acted upon once, however often it is delivered', async () => {
    const mailId = ulid();
    await arrives('export-in-subject', { mailId });
    expect(await arrives('export-in-subject', { mailId })).toBe('alreadyRecorded');
    expect(desk.opened).toHaveLength(1);
    expect(await written()).toHaveLength(1);
    expect(await fatesEntered()).toEqual(['request']);
  });

  it('is a duplicate when the same message comes under another id', async () => {
    await arrives('export-in-subject');
    expect(await arrives('export-in-subject')).toBe('duplicate');
    expect(await arrives('no-message-id')).toBe('request');
    expect(await arrives('no-message-id')).toBe('duplicate');
    expect(await fatesEntered()).toEqual(['request', 'duplicate', 'request', 'duplicate']);
    expect(desk.opened).toHaveLength(2);
    expect(await written()).toHaveLength(2);
  });

  it('has one fate when two deliveries are handled at once', async () => {
    const mailId = ulid();
    await Promise.all([1, 2, 3].map(() => arrives('export-in-subject', { mailId })));
    expect(await fatesEntered()).toEqual(['request']);
    expect(desk.opened).toHaveLength(1);
    expect(await written()).toHaveLength(1);
  });
});

describe('when the function dies', () => {
  it('within the act, the next delivery goes on', async () => {
    const mailId = ulid();
    const works = desk.openRequest.bind(desk);
    desk.openRequest = async (asked) => {
      await works(asked);
      throw new Error('died');
    };
    await expect(arrives('access-two-people', { mailId })).rejects.toThrow('died');
    expect(await fatesEntered()).toEqual([]);
    desk.openRequest = works;
    expect(await arrives('access-two-people', { mailId })).toBe('request');
    expect(desk.opened).toHaveLength(2);
    expect(await fatesEntered()).toEqual(['request']);
  });

  it('a repetition stays one, whatever became of the request meanwhile', async () => {
    await arrives('export-in-subject');
    const mailId = ulid();
    await arrives('export-in-subject', { mailId });
    await forgetFate(mailId);
    desk = new ADesk('7GQ2M0XK', ulid);
    expect(await arrives('export-in-subject', { mailId })).toBe('duplicate');
    expect(desk.opened).toEqual([]);
  });

  it('before it could answer, the next delivery answers, and does nothing else', async () => {
    const mailId = ulid();
    await ses.send(new DeleteIdentityCommand({ Identity: SENDER }));
    await expect(arrives('code-above-quote', { mailId })).rejects.toThrow();
    expect(desk.confirmed).toEqual([REQUEST]);
    await verify(SENDER);
    expect(await arrives('code-above-quote', { mailId })).toBe('alreadyRecorded');
    const [mail] = await written();
    expect(mail?.BodyText).toContain('The code was right');
    expect(await fatesEntered()).toEqual(['confirmation']);
  });
});

describe('a message that came to no end', () => {
  const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  const reread = (minutes: number) => rereading.rereadMails(desk, minutesLater(minutes));
  beforeEach(() => storage(process.env.INBOUND_MAIL_BUCKET ?? '').erase('inbound/'));

  /** A request of the tenant admin, while nothing can be opened. */
  async function fails(mailId: string) {
    const works = desk.openRequest.bind(desk);
    desk.openRequest = async () => {
      throw new Error('nothing opens');
    };
    await expect(arrives('export-in-subject', { mailId })).rejects.toThrow('nothing opens');
    return () => {
      desk.openRequest = works;
    };
  }

  it('is read again, as it came, once no other try is to be expected', async () => {
    const mailId = ulid();
    (await fails(mailId))();
    expect(await reread(9)).toBe(0);
    expect(desk.opened).toEqual([]);
    await reread(11);
    expect(desk.opened).toHaveLength(1);
    expect(await fatesEntered()).toEqual(['request']);
    expect((await written()).map(({ To }) => To)).toEqual([[ADMIN]]);
    expect(await reread(60)).toBe(0);
  });

  it('is given up after five readings: the operator hears of it once, and it stays in sight', async () => {
    const mailId = ulid();
    const repair = await fails(mailId);
    for (const minutes of [11, 31, 71, 151, 311])
      await expect(reread(minutes)).rejects.toThrow('1 failed');
    expect(await written()).toEqual([]);
    await reread(312);
    expect(await reread(700)).toBe(0);
    const mails = await written();
    expect(mails.map(({ To }) => To)).toEqual([[OPERATOR]]);
    expect(mails[0]?.BodyText).toContain(`dsr mail again ${mailId}`);
    expect(await fatesEntered()).toEqual(['unhandled']);

    repair();
    const again = await rereading.rereadMail(mailId, 'operator-7', desk, minutesLater(800));
    expect(again).toEqual({ outcome: 'handled', fate: 'request' });
    expect(desk.opened).toHaveLength(1);
    const once = await rereading.rereadMail(mailId, 'operator-7', desk, minutesLater(801));
    expect(once).toEqual({ outcome: 'alreadyHandled', fate: 'request' });
    expect(await findMail(mailId)).toMatchObject({ fate: 'request' });
  });

  it('is answered when mails leave again', async () => {
    const mailId = ulid();
    await ses.send(new DeleteIdentityCommand({ Identity: SENDER }));
    await expect(arrives('code-above-quote', { mailId })).rejects.toThrow();
    await expect(reread(11)).rejects.toThrow('1 failed');
    await verify(SENDER);
    await reread(31);
    expect((await written()).map(({ BodyText }) => BodyText)).toEqual([
      expect.stringContaining('The code was right'),
    ]);
    expect(desk.confirmed).toEqual([REQUEST]);
  });

  it('lies in quarantine if nobody was ever called for it, and none can be any more', async () => {
    const mailId = ulid();
    await stored('export-in-subject', mailId);
    await stored('hello', 'AMAZON_SES_SETUP_NOTIFICATION');
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    expect(await rereading.rereadMails(desk, inHours(6))).toBe(0);
    expect(await rereading.rereadMail(mailId, 'operator-7', desk, inHours(6))).toEqual({
      outcome: 'onItsWay',
    });
    await rereading.rereadMails(desk, inHours(8));
    expect(await findMail(mailId)).toMatchObject({ fate: 'quarantined', reason: 'eventLost' });
    expect(desk.opened).toEqual([]);
    expect((await written()).map(({ To }) => To)).toEqual([[OPERATOR]]);
    expect(await rereading.rereadMails(desk, inHours(9))).toBe(0);
  });

  it('is found however many there are: each look goes on behind the one before', async () => {
    for (const mailId of ['a1', 'b2', 'c3']) await stored('export-in-subject', mailId);
    const looks = [];
    for (let look = 0; look < 3; look++)
      looks.push((await unreadMails(2)).map(({ mailId }) => mailId));
    expect(looks).toEqual([['a1', 'b2'], ['c3'], ['a1', 'b2']]);
  });

  it('is nothing that can be read again once its words are gone', async () => {
    const again = (mailId: string) => rereading.rereadMail(mailId, 'operator-7', desk, now);
    expect(await again('never')).toEqual({ outcome: 'unknown' });
    await fails('was-here');
    await storage(process.env.INBOUND_MAIL_BUCKET ?? '').erase('inbound/');
    expect(await again('was-here')).toEqual({ outcome: 'gone' });
  });
});

describe('an answer', () => {
  it('confirms with its code, and a second copy of it changes nothing', async () => {
    expect(await arrives('code-above-quote')).toBe('confirmation');
    expect(await arrives('code-above-quote')).toBe('duplicate');
    expect(desk.confirmed).toEqual([REQUEST]);
  });

  it('denies with its code, and a reason', async () => {
    expect(await arrives('denial')).toBe('denial');
    expect(desk.denied).toEqual(['She is no customer of ours.']);
    expect(desk.confirmed).toEqual([]);
  });

  it.each([
    ...['out-of-office', 'code-by-stranger', 'code-by-operator', 'code-bottom-posting'],
    ...['code-after-no', 'code-before-refusal'],
  ])('confirms nothing: %s', async (name) => {
    await arrives(name);
    expect(desk.confirmed).toEqual([]);
  });

  it('confirms nothing when it was not authenticated', async () => {
    const verdicts = { ...PASSED, dmarc: 'FAIL' };
    expect(await arrives('code-above-quote', { verdicts })).toBe('quarantined');
    expect(desk.confirmed).toEqual([]);
  });

  it('acknowledges an erasure with the code of the recipient who wrote, and nothing else does', async () => {
    expect(await arrives('recipient-acknowledges')).toBe('acknowledgement');
    expect(desk.acknowledged).toEqual([`${REQUEST} by mailing`]);
    for (const name of ['recipient-cannot', 'recipient-says-done', 'recipient-by-another'])
      expect(await arrives(name)).toBe('unclear');
    expect(desk.acknowledged).toHaveLength(1);
    expect([desk.confirmed, desk.decided]).toEqual([[], []]);
  });

  it('decides what its author may decide, of their own sources alone', async () => {
    expect(await arrives('owner-says-done')).toBe('decision');
    expect(desk.decided).toEqual([`${REQUEST} confirmDeleted sourceOwner of crm`]);
  });
});

describe('somebody who is not registered', () => {
  it('is heard: the tenant admin is told, and the person is not answered', async () => {
    expect(await arrives('person-asks-for-erasure')).toBe('intake');
    expect(desk.opened).toMatchObject([{ kind: 'erasure', confirm: true }]);
    const mails = await written();
    expect(mails.map(({ To }) => To)).toEqual([[ADMIN]]);
    expect(JSON.stringify(mails)).not.toContain('anna.berg');
  });

  it('opens nothing for another address than her own, and the tenant admin is told', async () => {
    expect(await arrives('person-names-another')).toBe('intake');
    expect(desk.opened).toEqual([]);
    expect((await written()).map(({ To }) => To)).toEqual([[ADMIN]]);
  });
});

describe('limits', () => {
  const otherRequest = (n: number) => `${REQUEST.slice(0, -2)}${n}C`;
  const anew = (name: string, n: number) =>
    Buffer.concat([Buffer.from(`X-Nth: ${n}\r\nMessage-ID: <${n}@${hour}>\r\n`), withoutId(name)]);
  const withoutId = (name: string) =>
    Buffer.from(
      Buffer.from(corpusMail(name))
        .toString()
        .replace(/^Message-ID:.*\r\n/m, ''),
    );

  it('stops what one sender may bring about within an hour, and tells the operator once', async () => {
    const fates: string[] = [];
    for (let n = 0; n < 7; n++)
      fates.push(await arrives(Buffer.from(`${anew('hello', n)}And ${n}?\r\n`)));
    expect(fates).toEqual([...Array(4).fill('unclear'), ...Array(3).fill('limited')]);
    const to = (await written()).flatMap(({ To }) => To);
    expect(to).toEqual([...Array(4).fill(ADMIN), OPERATOR]);
  });

  it('ends a conversation with a program that says the same again and again', async () => {
    const fates: string[] = [];
    const subject = (n: number) => `Re: Please confirm request 01KAXJ8Z5T3Q9W7R2M4N6P8B${n}C`;
    for (let n = 1; n < 6; n++) {
      const said = anew('hello', n)
        .toString()
        .replace('Subject: Hello', `Subject: ${subject(n)}`);
      fates.push(await arrives(Buffer.from(said)));
    }
    expect(fates).toEqual(['unclear', 'unclear', 'unclear', 'limited', 'limited']);
    expect((await written()).map(({ To }) => To.join())).toEqual([ADMIN, ADMIN, ADMIN, OPERATOR]);
  });

  it('counts the same word about different requests as different words', async () => {
    const done = (n: number) =>
      Buffer.from(anew('owner-says-done', n).toString().replaceAll(REQUEST, otherRequest(n)));
    const fates: string[] = [];
    for (let n = 0; n < 4; n++) fates.push(await arrives(done(n)));
    expect(fates).toEqual(Array(4).fill('decision'));
    expect(desk.decided).toHaveLength(4);
  });

  it('keeps no code from its request, however many come within an hour', async () => {
    const confirmed = (n: number) =>
      Buffer.from(anew('code-above-quote', n).toString().replaceAll(REQUEST, otherRequest(n)));
    for (let n = 0; n < 6; n++) expect(await arrives(confirmed(n))).toBe('confirmation');
    expect(desk.confirmed).toHaveLength(6);
  });

  it('lets no flood of strangers keep the tenant admin out', async () => {
    const stranger = (n: number) =>
      Buffer.from(anew('person-asks-something', n).toString().replaceAll('anna.berg@', `p${n}@`));
    const fates: string[] = [];
    for (let n = 0; n < 5; n++) fates.push(await arrives(stranger(n)));
    expect(fates).toEqual([...Array(3).fill('intake'), 'limited', 'limited']);
    expect(await arrives('export-in-subject')).toBe('request');
  });
});

describe('a message that is delivered again', () => {
  it('is counted once: its author is refused nothing for it', async () => {
    const mailId = ulid();
    const works = desk.openRequest.bind(desk);
    desk.openRequest = async () => {
      throw new Error('nothing opens');
    };
    for (let n = 0; n < 6; n++)
      await expect(arrives('export-in-subject', { mailId })).rejects.toThrow('nothing opens');
    desk.openRequest = works;
    expect(await arrives('export-in-subject', { mailId })).toBe('request');
  });

  it.each([
    ['quarantine', async () => 'two-authors'],
    [
      'limit',
      async () => {
        for (const asked of ['something', 'for-erasure', 'for-copy'])
          await arrives(`person-asks-${asked}`);
        return 'person-does-not-want';
      },
    ],
  ])('has the operator told all the same, of a %s', async (notice, prepared) => {
    const mailId = ulid();
    const name = await prepared();
    await arrives(name, { mailId });
    await forgetFate(mailId);
    await arrives(name, { mailId });
    expect(await findMail(mailId)).toMatchObject({ notice, repliedAt: expect.any(String) });
    // The next one is not told of.
    const next = ulid();
    await arrives(name === 'two-authors' ? name : 'person-names-another', { mailId: next });
    expect(await findMail(next)).not.toHaveProperty('notice');
  });
});

describe('what is not acted upon', () => {
  it.each(['own-mail-back', 'list-mail', 'bounce-report', 'out-of-office'])(
    'is not answered: %s',
    async (name) => {
      expect(await arrives(name)).toBe('ignored');
      expect(await written()).toEqual([]);
    },
  );

  it('lies in quarantine, of which the operator hears once an hour', async () => {
    for (let n = 0; n < 3; n++) expect(await arrives('two-authors')).toBe('quarantined');
    expect((await written()).map(({ To }) => To)).toEqual([[OPERATOR]]);
  });
});

it('keeps nothing of a person in rows or in the ledger', async () => {
  for (const name of ['access-two-people', 'person-asks-for-erasure', 'denial', 'two-authors'])
    await arrives(name);
  const rows = JSON.stringify([await everyRow('requestsTable'), await everyRow('ledgerTable')]);
  expect(rows).not.toMatch(/anna|berg|ben\.koch|tenant-admin|no customer|corpus-/i);
});

it('reads the first megabyte of a large message, and no more', async () => {
  const large = Buffer.concat([
    Buffer.from(corpusMail('export-in-subject')),
    Buffer.alloc(40 * 1024 * 1024, 'a line of text that nobody reads\r\n'),
  ]);
  expect(await arrives(large)).toBe('request');
});
