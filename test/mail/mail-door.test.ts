import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dkimSign } from 'mailauth';
import type { SendMailOptions } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { demoDomains, newSigningKey, SELECTOR, zoneOf } from '../../infra/local/mail/dns-zone.ts';
import { type MailDoorServer, openMailDoor } from '../../infra/local/mail/mail-door.ts';
import type { SesEvent } from '../../infra/local/mail/ses-event.ts';
import { sendTo } from '../../infra/local/mail/writing.ts';
import { arrivalsOf, InboundMail } from '../../lambdas/domain/mail/inbound.ts';
import { fateOfMail } from './a-mail.ts';
import { REQUEST } from './expected.ts';

const ADMIN = 'tenant-admin@shop.example';
const MALLORY = 'mallory@elsewhere.example';
const DOOR = 'privacy@requests.shop.example';

const signingKey = newSigningKey();
const dkim = { domainName: 'shop.example', keySelector: SELECTOR, privateKey: signingKey };
const wish = { to: DOOR, subject: 'delete anna.berg@example.org', text: 'Thanks.' };

let door: MailDoorServer;
let arrived: { raw: Buffer; event: SesEvent }[];

beforeAll(async () => {
  door = await openMailDoor({
    port: 0,
    address: DOOR,
    resolver: zoneOf(demoDomains(signingKey)),
    functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:receiveMail',
    deliver: async (_, raw, event) => {
      arrived.push({ raw, event });
    },
  });
});
afterAll(() => door.close());
beforeEach(() => {
  arrived = [];
});

const send = (mail: SendMailOptions, options?: { tls: boolean }) => sendTo(door, mail, options);

/** What the function would make of the message that came in last. */
async function fate() {
  const { raw, event } = arrived.at(-1) ?? {};
  if (!raw) throw new Error('Nothing has come in.');
  const [mail] = arrivalsOf(InboundMail.parse(event));
  return fateOfMail(raw, mail);
}
const verdicts = () => {
  const receipt = arrived.at(-1)?.event.Records[0]?.ses.receipt;
  return [receipt?.spfVerdict, receipt?.dkimVerdict, receipt?.dmarcVerdict].map(
    (verdict) => verdict?.status,
  );
};
/** A raw message of the shop's domain, with its signature. */
async function signed(mail: SendMailOptions): Promise<string> {
  const raw = await new MailComposer({ date: new Date(), ...mail }).compile().build();
  const key = { signingDomain: 'shop.example', selector: SELECTOR, privateKey: signingKey };
  const { signatures } = await dkimSign(raw, { ...key, signatureData: [key] });
  return `${signatures}${raw}`;
}

describe('what is let in', () => {
  it('is a mail from the mail server of its domain', async () => {
    await send({ ...wish, from: ADMIN });
    expect(verdicts()).toEqual(['PASS', 'GRAY', 'PASS']);
    expect((await fate()).fate).toBe('request');
  });

  it('is a mail with its domain’s signature, over whatever server it came', async () => {
    const envelope = { from: 'relay@unknown.example', to: DOOR };
    await send({ ...wish, from: ADMIN, envelope, dkim });
    expect(verdicts()).toEqual(['GRAY', 'PASS', 'PASS']);
    expect((await fate()).fate).toBe('request');
  });

  it('is a mail in UTF-8, its address too', async () => {
    await send({ ...wish, from: ADMIN, subject: 'export jürgen@post.example' });
    expect(await fate()).toMatchObject({
      wishes: [{ kind: 'access', identity: { value: 'jürgen@post.example' } }],
    });
  });

  it('is what a person of her own domain writes', async () => {
    await send({ ...wish, from: 'anna.berg@example.org', subject: 'Delete my data' });
    expect(await fate()).toMatchObject({ fate: 'intake', wish: { kind: 'erasure' } });
  });
});

describe('attacks', () => {
  it('a forged author, with SPF of another domain', async () => {
    await send({ ...wish, from: ADMIN, envelope: { from: MALLORY, to: DOOR } });
    expect(verdicts()).toEqual(['PASS', 'GRAY', 'FAIL']);
    expect(await fate()).toEqual({ fate: 'quarantined', reason: 'notAuthenticated' });
  });

  it('a forged author, with a signature of another domain', async () => {
    const other = { ...dkim, domainName: 'elsewhere.example' };
    await send({ ...wish, from: ADMIN, envelope: { from: MALLORY, to: DOOR }, dkim: other });
    expect((await fate()).fate).toBe('quarantined');
  });

  it('a display name that is the address of somebody else', async () => {
    await send({ ...wish, from: { name: ADMIN, address: MALLORY } });
    expect(verdicts()[2]).toBe('PASS');
    expect((await fate()).fate).toBe('intake');
  });

  it('a signed mail sent again, with other words', async () => {
    const raw = await signed({ ...wish, from: ADMIN, subject: 'Lunch on Friday?' });
    const changed = raw.replace('Lunch on Friday?', 'delete anna.berg@example.org');
    await send({ raw: changed, envelope: { from: MALLORY, to: DOOR } });
    expect(verdicts()[2]).toBe('FAIL');
    expect((await fate()).fate).toBe('quarantined');
  });

  it('a signed mail sent again, with one more header that the signature does not see', async () => {
    const raw = await signed({ ...wish, from: ADMIN, subject: 'Lunch on Friday?' });
    const more = ['Subject: delete anna.berg@example.org', `From: ${MALLORY}`];
    for (const header of more) {
      await send({ raw: `${header}\r\n${raw}`, envelope: { from: MALLORY, to: DOOR } });
      expect((await fate()).fate).toBe('quarantined');
    }
  });

  it('a code from somebody else, however it is dressed', async () => {
    const reply = { to: DOOR, subject: `Re: Please confirm request ${REQUEST}`, text: '7GQ2-M0XK' };
    await send({ ...reply, from: ADMIN });
    expect((await fate()).fate).toBe('confirmation');
    await send({
      ...reply,
      from: { name: ADMIN, address: MALLORY },
      replyTo: ADMIN,
      sender: ADMIN,
    });
    expect((await fate()).fate).toBe('intake');
    await send({ ...reply, from: ADMIN, envelope: { from: MALLORY, to: DOOR } });
    expect((await fate()).fate).toBe('quarantined');
  });

  it('an answer of a program, by its empty envelope', async () => {
    await send({ ...wish, from: ADMIN, envelope: { from: '', to: DOOR }, dkim });
    expect(await fate()).toEqual({ fate: 'ignored', reason: 'bounce', header: 'return-path' });
  });

  it('a virus and spam, by their test patterns', async () => {
    const virus = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
    await send({ ...wish, from: ADMIN, text: virus });
    expect(await fate()).toEqual({ fate: 'quarantined', reason: 'virus' });
  });
});

describe('the door', () => {
  it('takes nothing without TLS', async () => {
    await expect(send({ ...wish, from: ADMIN }, { tls: false })).rejects.toThrow(/STARTTLS/);
    expect(arrived).toEqual([]);
  });

  it('takes mail for its one address', async () => {
    await expect(send({ ...wish, from: ADMIN, to: 'root@shop.example' })).rejects.toThrow(/550/);
    expect(arrived).toEqual([]);
  });

  it('takes forty megabytes, and not one more', async () => {
    const raw = (bytes: number) =>
      Buffer.concat([
        Buffer.from(`From: ${ADMIN}\r\nSubject: export anna.berg@example.org\r\n\r\n`),
        Buffer.alloc(bytes, `${'a line as long as one may be '.repeat(34)}\r\n`),
      ]);
    const envelope = { from: ADMIN, to: DOOR };
    await send({ raw: raw(39 * 1024 * 1024), envelope });
    expect((await fate()).fate).toBe('request');
    await expect(send({ raw: raw(41 * 1024 * 1024), envelope })).rejects.toThrow(/552|size/i);
    expect(arrived).toHaveLength(1);
  });
});
