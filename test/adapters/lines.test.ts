import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import type { HandlersFile } from '../../infra/permissions.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { changeLock, lockRow } from '../../lambdas/adapters/cycles.ts';
import { all, transact } from '../../lambdas/adapters/dynamo.ts';
import { newVerifying } from '../../lambdas/adapters/verifying.ts';
import { waitsOf } from '../../lambdas/adapters/waits.ts';
import { bundled } from '../emulator/bundled.ts';
import { aFlow } from './a-flow.ts';
import { emptyTable, makeTables } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'lines-'));
const sfn = new SFNClient({});

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(makeTables);
afterAll(() => rmSync(folder, { recursive: true }));

/** Each test has lines of its own: nobody holds them, and no execution was ever started. */
beforeEach(async () => {
  const sleeps = { Type: 'Wait', Seconds: 600, End: true };
  for (const flow of ['DELETE_CUSTOMER_DATA_ARN', 'VERIFY_SOURCES_ARN', 'REFRESH_CYCLE_ARN'])
    process.env[flow] = await aFlow(sleeps);
  await emptyTable('catalogTable');
});

type Functions = Record<string, (event: unknown) => Promise<unknown>>;

const seldom = structuredClone(readPlatform('demo'));
seldom.platform.verification = { firstSeconds: 600, lastSeconds: 600, patienceSeconds: 600 };

/** The functions as they are deployed; they read the environment when they are first called. */
const functions = async (file: HandlersFile): Promise<Functions> =>
  import(await bundled(file, seldom, join(folder, ulid())));

const twelveTimes = (call: () => Promise<unknown> | undefined) =>
  Promise.all(Array.from({ length: 12 }, call));

async function executionsOf(flow: 'REFRESH_CYCLE_ARN' | 'VERIFY_SOURCES_ARN') {
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: process.env[flow] }),
  );
  return executions.map(({ name = '', executionArn = '' }) => ({ name, executionArn }));
}
async function inputOf(passId: string) {
  const running = await executionsOf('VERIFY_SOURCES_ARN');
  const executionArn = running.find(({ name }) => name === passId)?.executionArn;
  const { input = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return JSON.parse(input);
}
const names = async (flow: Parameters<typeof executionsOf>[0]) =>
  (await executionsOf(flow)).map(({ name }) => name).sort();

describe('the line of cycles', () => {
  const ask = { sources: [], by: 'a-test' };
  const kill = async (cycleId: string) => {
    const running = await executionsOf('REFRESH_CYCLE_ARN');
    const executionArn = running.find(({ name }) => name === cycleId)?.executionArn;
    await sfn.send(new StopExecutionCommand({ executionArn }));
  };

  it('starts one execution for twelve who join at once', async () => {
    const { requestRefresh } = await functions('desk');
    await twelveTimes(() => requestRefresh?.(ask));
    expect(await names('REFRESH_CYCLE_ARN')).toEqual(['c-1']);
    expect(await lockRow('CYCLE')).toMatchObject({ n: 1, holder: 'c-1', started: true });
  });

  it('is repaired by the next who joins, when one died before it started its cycle', async () => {
    const flow = process.env.REFRESH_CYCLE_ARN;
    process.env.REFRESH_CYCLE_ARN = `${flow}-that-is-not-there`;
    const dies = await functions('desk');
    await expect(dies.requestRefresh?.(ask)).rejects.toThrow();
    process.env.REFRESH_CYCLE_ARN = flow;
    expect(await lockRow('CYCLE')).toMatchObject({ n: 1, holder: 'c-1' });
    expect(await lockRow('CYCLE')).not.toHaveProperty('started');
    expect(await names('REFRESH_CYCLE_ARN')).toEqual([]);

    const lives = await functions('desk');
    await twelveTimes(() => lives.requestRefresh?.(ask));
    expect(await names('REFRESH_CYCLE_ARN')).toEqual(['c-1']);
    expect(await lockRow('CYCLE')).toMatchObject({ n: 1, started: true });
  });

  it('starts one execution when twelve sweepers find its holder dead', async () => {
    const { requestRefresh } = await functions('desk');
    await requestRefresh?.(ask);
    await kill('c-1');
    const { sweep } = await functions('sweeper');
    await twelveTimes(() => sweep?.({}));
    expect(await names('REFRESH_CYCLE_ARN')).toEqual(['c-1', 'c-2']);
    expect(await lockRow('CYCLE')).toMatchObject({ holder: 'c-2', deaths: 1 });
  });

  it('waits on the operator after three deaths, and goes on when one resumes it', async () => {
    const { requestRefresh, resume } = await functions('desk');
    const { executionEnded } = await functions('sweeper');
    await requestRefresh?.(ask);
    for (const name of ['c-1', 'c-2', 'c-3']) {
      await kill(name);
      await executionEnded?.({ detail: { name, status: 'ABORTED' } });
    }
    expect(await lockRow('CYCLE')).toMatchObject({ n: 3, deaths: 3, stuck: true });
    await requestRefresh?.(ask);
    expect(await names('REFRESH_CYCLE_ARN')).toEqual(['c-1', 'c-2', 'c-3']);
    expect(await all(waitsOf('line#cycles'))).toMatchObject([
      { role: 'operator', options: ['resume'] },
    ]);

    expect(await resume?.({ target: 'cycles', by: 'an-operator' })).toMatchObject({
      outcome: 'resumed',
    });
    expect(await names('REFRESH_CYCLE_ARN')).toContain('c-4');
    expect(await all(waitsOf('line#cycles'))).toMatchObject([{ answer: { option: 'resume' } }]);
  });
});

describe('the line of verification', () => {
  const FORTY_DAYS = 40 * 86_400;
  const wants = (seconds: number) => {
    const nextAskAt = new Date(Date.now() + seconds * 1000).toISOString();
    const sources = { crm: { asks: 0, nextAskAt } };
    const row = { requestId: ulid(), round: 1, since: nextAskAt, sources };
    return transact([newVerifying(row)]);
  };

  it('starts one pass for twelve who ask at once', async () => {
    const { endPass } = await functions('verify-sources');
    await wants(0);
    await twelveTimes(() => endPass?.({ passId: 'v-0' }));
    expect(await names('VERIFY_SOURCES_ARN')).toEqual(['v-1']);
  });

  it('supersedes a pass that sleeps too long, once, and never one that has begun', async () => {
    const { beginPass, endPass } = await functions('verify-sources');
    await wants(500);
    await endPass?.({ passId: 'v-0' });
    await wants(100);
    await twelveTimes(() => endPass?.({ passId: 'v-0' }));
    expect(await names('VERIFY_SOURCES_ARN')).toEqual(['v-1', 'v-2']);
    expect(await beginPass?.({ passId: 'v-1' })).toMatchObject({ outcome: 'superseded' });

    expect(await beginPass?.({ passId: 'v-2' })).toMatchObject({ outcome: 'nobody' });
    await wants(0);
    await twelveTimes(() => endPass?.({ passId: 'v-0' }));
    expect(await names('VERIFY_SOURCES_ARN')).toEqual(['v-1', 'v-2']);
  });

  it('supersedes a pass that sleeps by a clock that ran ahead, and asks at once', async () => {
    const { beginPass } = await functions('verify-sources');
    const { sweep } = await functions('sweeper');
    await wants(FORTY_DAYS);
    const startsAt = new Date(Date.now() + FORTY_DAYS * 1000).toISOString();
    const ahead = { n: 1, holder: 'v-1', startsAt, started: true, deaths: 0, version: 1 };
    await changeLock('VERIFY', undefined, ahead);
    const running = { stateMachineArn: process.env.VERIFY_SOURCES_ARN, name: 'v-1', input: '{}' };
    await sfn.send(new StartExecutionCommand(running));
    await sweep?.({});
    expect(await names('VERIFY_SOURCES_ARN')).toEqual(['v-1', 'v-2']);
    expect(await inputOf('v-2')).toEqual({ passId: 'v-2', sleepSeconds: 0 });
    expect(await beginPass?.({ passId: 'v-2' })).toEqual({ outcome: 'ask', sources: ['crm'] });
  });

  it('lets a pass sleep for seconds, and not until a time that Step Functions knows', async () => {
    const { endPass } = await functions('verify-sources');
    await wants(500);
    await endPass?.({ passId: 'v-0' });
    const { sleepSeconds } = await inputOf('v-1');
    expect(sleepSeconds).toBeGreaterThan(0);
    expect(sleepSeconds).toBeLessThanOrEqual(500);
  });
});
