import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { readPlatform } from '../../infra/read-platform.ts';
import { newestCode, tryTaken } from '../../lambdas/adapters/codes.ts';
import { dynamo, transact } from '../../lambdas/adapters/dynamo.ts';
import { newKey } from '../../lambdas/adapters/request-keys.ts';
import { changedRequest, newRequest, sealedText } from '../../lambdas/adapters/requests.ts';
import { findWait } from '../../lambdas/adapters/waits.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import type * as Confirming from '../../lambdas/steps/confirming.ts';
import { bundled } from '../emulator/bundled.ts';
import { everyMail } from '../emulator/sent-mails.ts';
import { aFlow } from './a-flow.ts';
import { anOpenRequest } from './a-request.ts';
import { emptyTable, makeTables } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailed-codes-'));
const ADMIN = 'tenant-admin@shop.example';
const OPERATOR = 'operator@shop.example';
const WRONG = '00000000';

let confirming: typeof Confirming;
let sweep: (event: unknown) => Promise<unknown>;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  await makeTables();
  for (const flow of ['DELETE_CUSTOMER_DATA_ARN', 'VERIFY_SOURCES_ARN', 'REFRESH_CYCLE_ARN'])
    process.env[flow] = await aFlow({ Type: 'Wait', Seconds: 600, End: true });
  const definition = readPlatform('demo');
  definition.platform.sender = 'mailed-codes@shop.example';
  const of = async (file: string) => import(await bundled(file, definition, folder));
  confirming = await of('../steps/confirming');
  ({ sweep } = await of('sweeper'));
  for (const EmailAddress of [definition.platform.sender, ADMIN, OPERATOR])
    await new SESClient({}).send(new VerifyEmailIdentityCommand({ EmailAddress }));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => emptyTable('requestsTable'));

/** A request that waits for its confirmation; the sweep starts no flow for what is not listed as open. */
async function asked(): Promise<RequestId> {
  const requestId = RequestId.parse(ulid());
  const now = new Date();
  const key = await newKey(requestId);
  const seed = [{ type: 'email', value: 'anna.schmidt@example.org' }];
  const row = newRequest({ ...anOpenRequest(requestId, now), kind: 'access' });
  if (row.Put) row.Put.Item = { ...row.Put.Item, listed: 'closed' };
  const sealed = await key.seal(JSON.stringify({ seed }));
  await transact([key.write, row, sealedText(requestId, 'SUBJECT', sealed, now)]);
  await confirming.askForConfirmation(requestId);
  return requestId;
}

const mailsOf = async (requestId: string) =>
  (await everyMail()).filter(({ BodyText }) => BodyText.includes(requestId));
const codeOf = async (requestId: string): Promise<string> =>
  (await mailsOf(requestId))
    .flatMap(({ BodyText }) => /Code: (\S+)/.exec(BodyText)?.[1] ?? [])
    .at(-1) ?? '';
const confirm = (requestId: string, code: string, message: string) =>
  confirming.confirmByCode({ requestId, code, via: 'reply', message }, new Date());
const waitOf = (requestId: string) => findWait(requestId, 'confirmation', 1);

describe('a code that came by mail', () => {
  it('was right, also for the same message that is handled again, and for no other', async () => {
    const requestId = await asked();
    const code = await codeOf(requestId);
    const accepted = { outcome: 'accepted', requestId };
    expect(await confirm(requestId, code, 'message-1')).toEqual(accepted);
    // It died before its fate was recorded.
    expect(await confirm(requestId, code, 'message-1')).toEqual(accepted);
    expect(await confirm(requestId, code, 'message-2')).toEqual({
      outcome: 'alreadyUsed',
      requestId,
    });
    expect((await waitOf(requestId))?.answer?.option).toBe('confirmed');
  });

  it('denied, and is said to have denied when it is handled again', async () => {
    const requestId = await asked();
    const typed = { requestId, code: await codeOf(requestId), via: 'reply', message: 'm' } as const;
    for (let times = 0; times < 2; times += 1)
      expect(await confirming.denyByCode(typed, new Date())).toEqual({
        outcome: 'accepted',
        requestId,
      });
    expect((await waitOf(requestId))?.answer?.option).toBe('denied');
  });
});

describe('a message that is handled again', () => {
  it('takes one try of its code, however often', async () => {
    const requestId = await asked();
    for (let times = 0; times < 7; times += 1)
      expect(await confirm(requestId, WRONG, 'the-same')).toMatchObject({
        outcome: 'wrongCode',
        triesLeft: 4,
      });
    expect(await confirm(requestId, await codeOf(requestId), 'another')).toMatchObject({
      outcome: 'accepted',
    });
  });

  it('confirms with the last try, which it took before it died', async () => {
    const requestId = await asked();
    for (let times = 0; times < 4; times += 1) await confirm(requestId, WRONG, `m-${times}`);
    const code = await newestCode(requestId, 'confirmation');
    if (!code) throw new Error('No code was issued.');
    await transact([tryTaken(code, new Date(), 'the-last')]);
    const typed = await codeOf(requestId);
    expect(await confirm(requestId, typed, 'too-late')).toMatchObject({ outcome: 'locked' });
    expect(await confirm(requestId, typed, 'the-last')).toMatchObject({ outcome: 'accepted' });
  });
});

describe('a code that is locked', () => {
  const lock = async (requestId: string) => {
    for (let times = 0; times < 5; times += 1) await confirm(requestId, WRONG, `m-${times}`);
  };
  const lockedMails = async (requestId: string) =>
    (await mailsOf(requestId)).filter(({ Subject }) => Subject.includes('locked'));

  it('is told to the tenant admin and to the operator, once, with what to do', async () => {
    const requestId = await asked();
    await lock(requestId);
    expect(await lockedMails(requestId)).toEqual([]);
    await sweep({});
    const mails = await lockedMails(requestId);
    expect(mails.map(({ To }) => To.join()).sort()).toEqual([OPERATOR, ADMIN]);
    for (const { Subject, BodyText } of mails) {
      expect(Subject).toBe(`Request ${requestId}: the code is locked`);
      expect(BodyText).toContain(`dsr reissue ${requestId}`);
      expect(BodyText).not.toContain(await codeOf(requestId));
    }
    await confirm(requestId, WRONG, 'm-6');
    await sweep({});
    expect(await lockedMails(requestId)).toHaveLength(2);
    expect((await waitOf(requestId))?.reasonCode).toBe('codeLocked');
  });

  it('is told also when whoever typed it died before the wait showed it', async () => {
    const requestId = await asked();
    await lock(requestId);
    await dynamo.send(
      new UpdateCommand({
        TableName: process.env.REQUESTS_TABLE,
        Key: { pk: requestId, sk: 'WAIT#confirmation#1' },
        UpdateExpression: 'SET reasonCode = :before',
        ExpressionAttributeValues: { ':before': 'unconfirmed' },
      }),
    );
    await sweep({});
    expect((await waitOf(requestId))?.reasonCode).toBe('codeLocked');
    expect(await lockedMails(requestId)).toHaveLength(2);
  });

  it('is nobody’s concern after four tries, or when the request is ending', async () => {
    const tried = await asked();
    for (let times = 0; times < 4; times += 1) await confirm(tried, WRONG, `m-${times}`);
    const ending = await asked();
    await lock(ending);
    const closing = { option: 'cancelled', by: 'operator-1', at: '2026-11-26T00:00:00.000Z' };
    await transact([changedRequest(ending, { closing } as never)]);
    await sweep({});
    for (const requestId of [tried, ending]) expect(await lockedMails(requestId)).toEqual([]);
    await confirm(tried, WRONG, 'm-5');
    await sweep({});
    expect(await lockedMails(tried)).toHaveLength(2);
  });
});

it('a wait for a code that is due is reminded of by the sweep, with a new code, and the old one is void', async () => {
  const requestId = await asked();
  const before = await codeOf(requestId);
  const past = new Date(Date.now() - 60_000).toISOString();
  await dynamo.send(
    new UpdateCommand({
      TableName: process.env.REQUESTS_TABLE,
      Key: { pk: requestId, sk: 'WAIT#confirmation#1' },
      UpdateExpression: 'SET dueAt = :past, remindAt = :past',
      ExpressionAttributeValues: { ':past': past },
    }),
  );
  await sweep({});
  const [, reminder, ...others] = await mailsOf(requestId);
  expect(others).toEqual([]);
  expect(reminder).toMatchObject({
    To: [ADMIN],
    Subject: `Still waiting: please confirm request ${requestId}`,
  });
  const after = await codeOf(requestId);
  expect(after).not.toBe(before);
  expect(await confirm(requestId, before, 'old')).toMatchObject({ outcome: 'wrongCode' });
  expect(await confirm(requestId, after, 'new')).toMatchObject({ outcome: 'accepted' });
  const { dueAt = '' } = (await waitOf(requestId)) ?? {};
  expect(dueAt).not.toBe(past);
});
