import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { readPlatform } from '../../infra/read-platform.ts';
import { changeLock, queued } from '../../lambdas/adapters/cycles.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { ensureFaultKeys, keepFault } from '../../lambdas/adapters/faults.ts';
import { newRequest } from '../../lambdas/adapters/requests.ts';
import { waiterAdded } from '../../lambdas/adapters/source-waiters.ts';
import { newVerifying } from '../../lambdas/adapters/verifying.ts';
import { answered, newWait, waitKey } from '../../lambdas/adapters/waits.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import type { Request } from '../../lambdas/domain/request.ts';
import { bundled } from '../emulator/bundled.ts';
import { aFlow } from './a-flow.ts';
import { anOpenRequest } from './a-request.ts';
import { emptyTable, everyRow, makeTables } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'desk-'));
let desk: Record<string, (event: unknown) => Promise<unknown>>;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  await makeTables();
  for (const flow of ['REFRESH_CYCLE', 'DELETE_CUSTOMER_DATA', 'EXPORT_DATA'])
    process.env[`${flow}_ARN`] = await aFlow({ Type: 'Wait', Seconds: 600, End: true });
  desk = await import(await bundled('desk', readPlatform('demo'), folder));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  for (const table of ['catalogTable', 'requestsTable', 'ledgerTable'] as const)
    await emptyTable(table);
});

const NOW = new Date();
const by = 'an-operator';
const read = (query: string) => desk.readDesk?.({ query });

describe('a decision to close', () => {
  const closes = async (change: Partial<Request>) => {
    const requestId = RequestId.parse(ulid());
    await transact([newRequest({ ...anOpenRequest(requestId, NOW), ...change })]);
    return desk.decide?.({ target: requestId, option: 'cancelled', as: 'tenantAdmin', by });
  };

  it('says that the request is being cancelled', async () => {
    expect(await closes({})).toEqual({
      ...{ outcome: 'accepted', words: 'The request is being cancelled.' },
    });
  });

  it('says of an export that was collected that nobody takes it back', async () => {
    const words = expect.stringContaining('ends as delivered');
    expect(await closes({ kind: 'access', deliveredAt: NOW.toISOString() })).toEqual({
      ...{ outcome: 'accepted', words },
    });
  });
});

describe('the lines', () => {
  it('are at rest before anything has happened', async () => {
    const atRest = { begun: false, deaths: 0, stuck: false, waiting: 0 };
    expect(await read('lines')).toEqual([
      { line: 'cycles', ...atRest },
      { line: 'verification', ...atRest },
      { line: 'gatherings', ...atRest },
    ]);
  });

  it('say that one has stopped, after which turn, who waits, and for whom', async () => {
    await changeLock('CYCLE', undefined, { n: 12, deaths: 3, stuck: true, version: 0 });
    const fault = { kind: 'fault', on: 'operator', role: 'operator' } as const;
    await transact([
      queued('refresh#1', 'all'),
      newWait(
        {
          owner: 'line#cycles',
          name: 'fault',
          round: 12,
          ...fault,
          reasonCode: 'diedThreeTimes',
          options: ['resume'],
        },
        NOW,
      ),
    ]);
    expect(await read('lines')).toMatchObject([
      {
        line: 'cycles',
        stuck: true,
        deaths: 3,
        lastTurn: 'c-12',
        waiting: 1,
        wait: { waitId: 'line#cycles/fault#12', ...fault },
      },
      { line: 'verification', stuck: false },
      { line: 'gatherings', stuck: false },
    ]);
  });
});

describe('a source that requests wait for', () => {
  const waitsFor = (source: string, requestId: string, since: Date) =>
    transact([
      waiterAdded({ source, requestId, round: 1 }),
      newWait(
        {
          owner: requestId,
          name: 'whatToDo',
          round: 1,
          kind: 'refreshDecision',
          on: 'operator',
          role: 'operator',
          reasonCode: 'sourceFailed',
          options: ['tryAgain', 'giveUp'],
          asked: true,
        },
        since,
      ),
    ]);

  it('counts those that nobody has answered yet, and names the newest', async () => {
    const [older, newer, decided] = [ulid(), ulid(), ulid()];
    await waitsFor('crm', newer, NOW);
    await waitsFor('crm', older, new Date(NOW.getTime() - 1000));
    await waitsFor('crm', decided, NOW);
    const answer = { option: 'tryAgain', by, at: NOW.toISOString() };
    await transact([answered(waitKey(decided, 'whatToDo', 1), answer, true)]);

    const sources = (await read('sources')) as { source: string; decision?: unknown }[];
    expect(sources.find(({ source }) => source === 'crm')?.decision).toMatchObject({
      requests: 2,
      wait: { waitId: `${newer}/whatToDo#1`, options: ['tryAgain', 'giveUp'] },
    });
    expect(sources.filter(({ decision }) => decision)).toHaveLength(1);
  });
});

describe('what an owner says of a source', () => {
  /** A request of which two sources cannot tell, and whose owners were asked. */
  async function undecided(): Promise<string> {
    const requestId = RequestId.parse(ulid());
    const cannotTell = { answer: 'cannotTell', asks: 1, nextAskAt: NOW.toISOString() } as const;
    const sources = { crm: cannotTell, loyalty: cannotTell };
    await transact([
      newRequest(anOpenRequest(requestId, NOW)),
      newVerifying({ requestId, round: 1, since: NOW.toISOString(), sources }),
      newWait(
        {
          owner: requestId,
          name: 'sourcesLetGo',
          round: 1,
          kind: 'sourcesLetGo',
          on: 'sourceOwner',
          role: 'sourceOwner',
          reasonCode: 'stillHeld',
          options: ['confirmDeleted', 'giveUp'],
          asked: true,
        },
        NOW,
      ),
    ]);
    return requestId;
  }
  const saysDone = async (ofSources: string[] | undefined) =>
    desk.decide?.({
      target: await undecided(),
      option: 'confirmDeleted',
      as: 'sourceOwner',
      by,
      ...(ofSources && { ofSources }),
    });

  it('counts for their own, and not for another that cannot tell either', async () => {
    expect(await saysDone(['crm'])).toMatchObject({
      outcome: 'notYourRole',
      words: 'Only the owner of loyalty can say that of it.',
    });
    const rows = await everyRow('requestsTable');
    expect(rows.find(({ sk }) => String(sk).startsWith('WAIT#'))?.answer).toBeUndefined();
  });

  it.each([[['crm', 'loyalty']], [undefined]])(
    'counts for all that it is about: %j',
    async (of) => {
      expect(await saysDone(of)).toMatchObject({ outcome: 'accepted' });
    },
  );
});

describe('a refresh for which a loss is accepted', () => {
  it('waives the check of the sources named', async () => {
    expect(await desk.requestRefresh?.({ sources: ['crm'], acceptLoss: true, by })).toMatchObject({
      outcome: 'queued',
    });
    const rows = await everyRow('catalogTable');
    expect(rows.find(({ pk, sk }) => pk === 'SOURCE' && sk === 'crm')).toMatchObject({
      acceptLoss: { by },
    });
    expect(rows.find(({ pk }) => pk === 'QUEUE')).toMatchObject({ sources: ['crm'] });
  });

  it('is refused for all at once, and nothing is queued', async () => {
    expect(await desk.requestRefresh?.({ sources: [], acceptLoss: true, by })).toMatchObject({
      outcome: 'invalid',
    });
    expect(await everyRow('catalogTable')).toEqual([]);
  });
});

describe('faults of no request', () => {
  const aFault = (at: Date) => ({
    faultId: ulid(at.getTime()),
    step: 'buildModel',
    class: 'EngineError',
    error: new Error('DuckDB: Binder error', { cause: new Error('column "Jane" is missing') }),
  });
  const message = expect.stringMatching(/Binder error[\s\S]*column "Jane" is missing/);
  const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

  it('are shown for their cycle, from as many days as are kept, and it is entered who looked', async () => {
    const [older, today] = [aFault(daysAgo(29)), aFault(NOW)];
    await ensureFaultKeys(daysAgo(29));
    await ensureFaultKeys(NOW);
    for (const fault of [today, older]) await keepFault(fault, { execution: 'c-12' });
    await keepFault(aFault(NOW), { execution: 'c-13' });

    const { faultId, step } = today;
    expect(await desk.disclose?.({ target: 'c-12', by })).toMatchObject({
      outcome: 'faultsDisclosed',
      faults: [
        { faultId: older.faultId, message },
        { faultId, step, class: 'EngineError', message },
      ],
    });
    expect(await everyRow('ledgerTable')).toMatchObject([
      { pk: 'cycle/c-12', event: 'faultsDisclosed', by },
    ]);
    expect(JSON.stringify(await everyRow('requestsTable'))).not.toContain('Jane');
  });

  it('are shown by their id when they belong to nothing', async () => {
    const fault = aFault(NOW);
    await ensureFaultKeys(NOW);
    await keepFault(fault, {});
    expect(await desk.disclose?.({ target: fault.faultId, by })).toMatchObject({
      faults: [{ faultId: fault.faultId, message }],
    });
    expect(await everyRow('ledgerTable')).toMatchObject([{ pk: 'platform', by }]);
  });

  it('keep class and id when there was no key for the message', async () => {
    const fault = aFault(daysAgo(5));
    await keepFault(fault, { execution: 'v-40' });
    const shown = await desk.disclose?.({ target: 'v-40', by });
    expect(shown).toMatchObject({ faults: [{ faultId: fault.faultId, class: 'EngineError' }] });
    expect(JSON.stringify(shown)).not.toContain('Jane');
  });

  it('that are not there are unknown, or none, and nothing is entered', async () => {
    expect(await desk.disclose?.({ target: ulid(), by })).toEqual({ outcome: 'unknown' });
    expect(await desk.disclose?.({ target: 'v-1', by })).toEqual({
      outcome: 'faultsDisclosed',
      faults: [],
    });
    expect(await everyRow('ledgerTable')).toEqual([]);
  });
});
