import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { until } from '../../infra/local/patience.ts';
import { freePort } from '../../infra/local/ports.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, dynamo, transact } from '../../lambdas/adapters/dynamo.ts';
import {
  answer,
  answered,
  deliver,
  dueWaits,
  findWaitByKey,
  type NewWait,
  newWait,
  openedForPeople,
  passedUp,
  told,
  waitKey,
  waitKeyOf,
} from '../../lambdas/adapters/waits.ts';
import { bundled } from '../emulator/bundled.ts';
import { aFlow } from './a-flow.ts';
import { makeTables } from './tables.ts';

beforeAll(makeTables);

const NOW = new Date('2026-03-01T10:00:00.000Z');
const NEVER = new Date('2999-01-01T00:00:00.000Z');
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

type Question = Exclude<NewWait, { kind: 'legalHold' }>;

const aQuestion = (owner: string, wait: Partial<Question> = {}): NewWait => ({
  owner,
  name: 'whoIsMeant',
  round: 1,
  kind: 'whoIsMeant',
  on: 'tenantAdmin',
  role: 'tenantAdmin',
  reasonCode: 'ambiguous',
  options: ['followNone'],
  asked: true,
  ...wait,
});

async function aWait(wait: Partial<Question> = {}) {
  const owner = ulid();
  await transact([newWait(aQuestion(owner, wait), NOW)]);
  return { owner, key: waitKey(owner, 'whoIsMeant', 1) };
}

const anAnswer = (option = 'followNone', now = NOW) => ({
  option,
  by: 'admin',
  at: now.toISOString(),
});
const entry = { chain: 'platform', event: 'decided', by: 'admin' };
const isDue = async (owner: string, now: Date) =>
  (await all(dueWaits(now, NEVER))).some((wait) => wait.owner === owner);

it('is answered, also while nobody can be woken, and lies due until somebody is', async () => {
  const { owner, key } = await aWait();
  await dynamo.send(
    new UpdateCommand({
      TableName: configuration().requestsTable,
      Key: key,
      UpdateExpression: 'SET taskToken = :token',
      ExpressionAttributeValues: { ':token': 'somebody-waits' },
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'waits-'));
  process.env.AWS_ENDPOINT_URL_SFN = `http://127.0.0.1:${await freePort()}`;
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  try {
    const bundle = await bundled('../adapters/waits', readPlatform('demo'), folder);
    const { answer: answerUnheard } = await import(bundle);
    expect(await answerUnheard(key, anAnswer(), entry)).toBe('recorded');
  } finally {
    delete process.env.AWS_ENDPOINT_URL_SFN;
    rmSync(folder, { recursive: true });
  }
  expect((await findWaitByKey(key))?.answer).toMatchObject(anAnswer());
  expect(await isDue(owner, NOW)).toBe(true);
});

describe('a wait', () => {
  it('is found by the id that people are told', async () => {
    const { owner, key } = await aWait();
    const waitId = (await findWaitByKey(key))?.waitId ?? '';
    expect(waitId).toBe(`${owner}/whoIsMeant#1`);
    expect(waitKeyOf(waitId)).toEqual(key);
    expect(waitKeyOf(owner)).toBeUndefined();
  });

  it('is opened once', async () => {
    const { owner } = await aWait();
    const again = await transact([newWait(aQuestion(owner, { options: ['other'] }), NOW)]);
    expect(again.outcome).toBe('refused');
  });

  it('takes one answer: whoever comes second is refused, and changes nothing', async () => {
    const { key } = await aWait();
    expect(await answer(key, anAnswer('followNone'), entry)).toBe('recorded');
    expect(await answer(key, anAnswer('followAll'), entry)).toBe('refused');
    expect((await findWaitByKey(key))?.answer?.option).toBe('followNone');
  });

  it('takes one of many answers that come at once', async () => {
    const { key } = await aWait();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, i) => answer(key, anAnswer(`${i}`), entry)),
    );
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    const won = outcomes.indexOf('recorded');
    expect((await findWaitByKey(key))?.answer?.option).toBe(`${won}`);
  });

  it('that nobody was asked about takes an answer of a machine, and none of a person', async () => {
    const { key } = await aWait({ asked: false });
    expect(await answer(key, anAnswer(), entry, { fromPerson: true })).toBe('refused');
    await transact([
      openedForPeople(key, {
        openedAt: NOW.toISOString(),
        role: 'sourceOwner',
        reasonCode: 'stillHeld',
        options: ['giveUp'],
      }),
    ]);
    expect(await answer(key, anAnswer(), entry, { fromPerson: true })).toBe('recorded');
    const machine = await aWait({ asked: false });
    expect(await answer(machine.key, anAnswer(), entry)).toBe('recorded');
  });

  it('that does not exist takes no answer', async () => {
    expect(await answer(waitKey(ulid(), 'whoIsMeant', 1), anAnswer(), entry)).toBe('refused');
  });

  it('changes nothing beside it when the answer is refused', async () => {
    const { key } = await aWait();
    await answer(key, anAnswer(), entry);
    const beside = await aWait();
    const writes = [passedUp(beside.key, { role: 'operator', remindAt: at(60).toISOString() })];
    expect(await answer(key, anAnswer('late'), entry, { writes })).toBe('refused');
    expect((await findWaitByKey(beside.key))?.role).toBe('tenantAdmin');
  });
});

describe('the list of what is due', () => {
  it('names a wait from its reminder or its deadline on, whichever is first', async () => {
    const { owner } = await aWait({
      remindAt: at(60).toISOString(),
      deadline: at(30).toISOString(),
    });
    expect(await isDue(owner, at(29))).toBe(false);
    expect(await isDue(owner, at(30))).toBe(true);
  });

  it('names a wait that no right clock would have dated so late', async () => {
    const { owner } = await aWait({ remindAt: at(999_999).toISOString() });
    const named = async (latest: Date) =>
      (await all(dueWaits(NOW, latest))).some((wait) => wait.owner === owner);
    expect(await named(at(999_999))).toBe(false);
    expect(await named(at(999_998))).toBe(true);
  });

  it('names a wait that was answered, until the answer is delivered, by any clock', async () => {
    const { owner, key } = await aWait();
    await transact([answered(key, anAnswer('followNone', at(999_999)), false)]);
    expect(await isDue(owner, NOW)).toBe(true);
    await deliver(key);
    expect(await isDue(owner, NOW)).toBe(false);
  });

  it('does not name a wait that needs nobody', async () => {
    const { owner } = await aWait();
    expect(await isDue(owner, at(999_999))).toBe(false);
  });

  it('names a wait that was passed up, and not told yet, at once', async () => {
    const { owner, key } = await aWait({ remindAt: at(60).toISOString() });
    await transact([told(key, NOW.toISOString(), at(60).toISOString())]);
    await transact([passedUp(key, { role: 'operator', remindAt: at(1).toISOString() })]);
    expect(await isDue(owner, at(1))).toBe(true);
    const wait = await findWaitByKey(key);
    expect(wait).toMatchObject({ role: 'operator', on: 'operator' });
    expect(wait?.toldAt).toBeUndefined();
  });

  it('names a wait that was told only when it is due again', async () => {
    const { owner, key } = await aWait({ remindAt: NOW.toISOString() });
    await transact([told(key, NOW.toISOString(), at(60).toISOString())]);
    expect(await isDue(owner, at(59))).toBe(false);
    expect(await isDue(owner, at(60))).toBe(true);
  });

  it('does not pass up what has been answered', async () => {
    const { key } = await aWait({ remindAt: NOW.toISOString() });
    await answer(key, anAnswer(), entry);
    const up = { role: 'operator' as const, remindAt: at(60).toISOString() };
    const late = await transact([passedUp(key, up)]);
    expect(late.outcome).toBe('refused');
  });

  it('no longer names what was answered and delivered', async () => {
    const { owner, key } = await aWait({ remindAt: NOW.toISOString() });
    await answer(key, anAnswer(), entry);
    expect(await isDue(owner, at(999_999))).toBe(false);
  });
});

describe('the delivery of an answer', () => {
  it('wakes the execution that waits, and may be repeated', async () => {
    const sfn = new SFNClient({});
    const { key } = await aWait();
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: await aFlow(waitingOn(key)) }),
    );
    const status = async () =>
      (await sfn.send(new DescribeExecutionCommand({ executionArn }))).status;
    await until('the token is in its row', async () => (await findWaitByKey(key))?.taskToken, 20);
    expect(await status()).toBe('RUNNING');
    await answer(key, anAnswer(), entry);
    await until('it ended', async () => ((await status()) === 'SUCCEEDED' ? true : undefined), 20);
    await deliver(key);
    await deliver(key);
    expect(await status()).toBe('SUCCEEDED');
  });

  it('does nothing while there is no answer, and no harm when nobody waits for it', async () => {
    const { owner, key } = await aWait({ remindAt: NOW.toISOString() });
    await deliver(key);
    expect(await isDue(owner, NOW)).toBe(true);
    await answer(key, anAnswer(), entry);
    await deliver(key);
    await deliver(waitKey(ulid(), 'none', 1));
  });
});

/** The state by which every flow here waits. */
const waitingOn = ({ pk, sk }: { pk: string; sk: string }) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
  Arguments: {
    TableName: configuration().requestsTable,
    Key: { pk: { S: pk }, sk: { S: sk } },
    UpdateExpression: 'SET taskToken = :taskToken',
    ExpressionAttributeValues: { ':taskToken': { S: '{% $states.context.Task.Token %}' } },
  },
  TimeoutSeconds: 60,
  End: true,
});
