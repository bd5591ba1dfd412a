import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteIdentityCommand, SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { readPlatform } from '../../infra/read-platform.ts';
import { lossAccepted, setSourceStatus } from '../../lambdas/adapters/catalog.ts';
import { lockRow, queued } from '../../lambdas/adapters/cycles.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { newRequest } from '../../lambdas/adapters/requests.ts';
import { waiterAdded } from '../../lambdas/adapters/source-waiters.ts';
import { findWait, type NewWait, newWait } from '../../lambdas/adapters/waits.ts';
import { CycleId, RequestId } from '../../lambdas/domain/ids.ts';
import type { WaitReason } from '../../lambdas/domain/wait.ts';
import { bundled } from '../emulator/bundled.ts';
import { everyMail } from '../emulator/sent-mails.ts';
import { aFlow } from './a-flow.ts';
import { emptyTable, makeTables } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'telling-'));
const ses = new SESClient({});
/** Of these tests alone: at times it may send nothing, which would keep others' mails back. */
const SENDER = 'telling@shop.example';
const registered = [SENDER, 'tenant-admin@shop.example', 'operator@shop.example'];
const verify = (EmailAddress: string) => ses.send(new VerifyEmailIdentityCommand({ EmailAddress }));

let sweep: (event: unknown) => Promise<unknown>;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  await makeTables();
  const sleeps = { Type: 'Wait', Seconds: 600, End: true };
  for (const flow of ['DELETE_CUSTOMER_DATA_ARN', 'VERIFY_SOURCES_ARN', 'REFRESH_CYCLE_ARN'])
    process.env[flow] = await aFlow(sleeps);
  const definition = readPlatform('demo');
  definition.platform.sender = SENDER;
  const sweeper = await bundled('sweeper', definition, folder);
  ({ sweep } = await import(sweeper));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  for (const table of ['catalogTable', 'requestsTable'] as const) await emptyTable(table);
  for (const address of registered) await verify(address);
});

async function subjectsTo(address: string): Promise<string[]> {
  return (await everyMail()).flatMap(({ To, Subject }) => (To.includes(address) ? [Subject] : []));
}

const PAST = new Date(Date.now() - 60_000);

async function aQuestion(
  role: 'tenantAdmin' | 'operator',
  reasonCode: WaitReason = 'sourceFailed',
) {
  const owner = RequestId.parse(ulid());
  await transact([
    newWait(
      {
        owner,
        name: 'whatToDo',
        round: 1,
        kind: 'refreshDecision',
        on: role,
        role,
        reasonCode,
        options: ['tryAgain', 'giveUp', 'acceptLoss'],
        asked: true,
        remindAt: PAST.toISOString(),
      },
      PAST,
    ),
    newRequest({ requestId: owner, status: 'closed' } as Parameters<typeof newRequest>[0]),
  ]);
  return { owner, wait: () => findWait(owner, 'whatToDo', 1) };
}

describe('a question of which no mail has left', () => {
  it('stands all the same, and is mailed by the sweep as soon as one leaves', async () => {
    await ses.send(new DeleteIdentityCommand({ Identity: SENDER }));
    const { wait } = await aQuestion('operator');
    await expect(sweep({})).rejects.toThrow('AggregateError');
    expect(await wait()).toMatchObject({ role: 'operator', dueAt: PAST.toISOString() });
    expect((await wait())?.toldAt).toBeUndefined();

    await verify(SENDER);
    await sweep({});
    expect((await wait())?.toldAt).toBeDefined();
    const { dueAt = '' } = (await wait()) ?? {};
    expect(dueAt > new Date().toISOString()).toBe(true);
  });

  it('keeps nobody else from being told, and no cycle from being started', async () => {
    await transact([queued('refresh#1', 'all')]);
    await ses.send(new DeleteIdentityCommand({ Identity: SENDER }));
    const { wait } = await aQuestion('operator');
    await expect(sweep({})).rejects.toThrow('AggregateError');
    expect((await wait())?.toldAt).toBeUndefined();
    expect(await lockRow('CYCLE')).toMatchObject({ holder: 'c-1', started: true });
  });
});

describe('people who came back', () => {
  const cameBack = async (deadline?: string) => {
    const owner = RequestId.parse(ulid());
    const asked: NewWait = {
      owner,
      name: 'resurrected',
      round: 3,
      kind: 'resurrected',
      on: 'tenantAdmin',
      role: 'tenantAdmin',
      reasonCode: 'resurrected',
      options: ['keepOut', 'signedUpAnew'],
      asked: true,
      remindAt: PAST.toISOString(),
      ...(deadline && { deadline }),
    };
    await transact([newWait(asked, PAST)]);
    return owner;
  };
  const waitOf = (owner: string) => findWait(owner, 'resurrected', 3);

  it('are told and passed up together: one mail to each role, however many they are', async () => {
    const owners = [await cameBack(), await cameBack(), await cameBack()];
    const overdue = [await cameBack(PAST.toISOString()), await cameBack(PAST.toISOString())];
    await sweep({});
    for (const owner of owners)
      expect(await waitOf(owner)).toMatchObject({ role: 'tenantAdmin', toldAt: expect.anything() });
    for (const owner of overdue)
      expect(await waitOf(owner)).toMatchObject({ role: 'operator', toldAt: expect.anything() });

    const mails = await mailsNaming(...owners, ...overdue);
    expect(mails.map(({ To, Subject }) => [...To, Subject]).sort()).toEqual([
      ['operator@shop.example', '2 erased people came back'],
      ['tenant-admin@shop.example', '3 erased people came back'],
    ]);
    await sweep({});
    expect(await mailsNaming(...owners, ...overdue)).toHaveLength(2);
  });
});

async function mailsNaming(...owners: string[]) {
  return (await everyMail()).filter(({ BodyText }) =>
    owners.some((owner) => BodyText.includes(owner)),
  );
}

describe('a request that stopped', () => {
  it('is told to the operator with the command that starts it again', async () => {
    const owner = RequestId.parse(ulid());
    await transact([
      newWait(
        {
          kind: 'fault',
          on: 'operator',
          role: 'operator',
          options: ['resume'],
          owner,
          name: 'fault',
          round: 4,
          reasonCode: 'stoppedThreeTimes',
          asked: true,
          remindAt: PAST.toISOString(),
        },
        PAST,
      ),
    ]);
    await sweep({});
    expect(await subjectsTo('operator@shop.example')).toContain(`Request ${owner} has stopped`);
  });
});

describe('an accepted loss', () => {
  async function acceptedAt(at: Date) {
    const held = { source: 'crm', status: 'heldForLoss', cycleId: CycleId.parse('c-1') } as const;
    await setSourceStatus({ ...held, at: PAST.toISOString() });
    await transact([lossAccepted('crm', 'a-tenant-admin', at.toISOString())]);
  }

  it('answers those who were asked about that loss', async () => {
    const { owner, wait } = await aQuestion('tenantAdmin', 'heldForLoss');
    await transact([waiterAdded({ source: 'crm', requestId: owner, round: 1 })]);
    await acceptedAt(new Date());
    await sweep({});
    expect((await wait())?.answer).toMatchObject({ option: 'acceptLoss', by: 'a-tenant-admin' });
  });

  it.each<[string, WaitReason, Date]>([
    ['why the source failed later', 'sourceFailed', new Date()],
    ['about a loss that came later', 'heldForLoss', new Date(PAST.getTime() - 1000)],
  ])('answers nobody who was asked %s', async (_, reasonCode, accepted) => {
    const { owner, wait } = await aQuestion('tenantAdmin', reasonCode);
    await transact([waiterAdded({ source: 'crm', requestId: owner, round: 1 })]);
    await acceptedAt(accepted);
    await sweep({});
    expect((await wait())?.answer).toBeUndefined();
  });
});
