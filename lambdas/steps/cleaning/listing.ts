import {
  changedRun,
  cleaningRun,
  endedCleaningTurn,
  findRun,
  heldCopies,
  newRun,
  putKept,
  putPlace,
  takeCleaningTurn,
} from '../../adapters/clean-ups.ts';
import { configuration, platformDefinition } from '../../adapters/configuration.ts';
import { all, transact, type Write } from '../../adapters/dynamo.ts';
import { executionState } from '../../adapters/executions.ts';
import { lakeStorage } from '../../adapters/lake/lake-storage.ts';
import { recordChange } from '../../adapters/ledger.ts';
import {
  type CleanUpList,
  type Copy,
  dueForCleanUp,
  isForeign,
  pointerTrouble,
} from '../../domain/clean-up.ts';
import type { CleanUpRun } from '../../domain/clean-up-report.ts';
import type { RunId } from '../../domain/ids.ts';
import { readLakeView } from './lake-view.ts';
import { supersededByErasures } from './purging.ts';

/** Where the flow reads what is due. One run has its turn at a time, so that one key is enough. */
const LIST = 'work/clean-up/due.json';
const ROWS_A_WRITE = 50;

export type Due = ({ outcome: 'listed' } & CleanUpList) | { outcome: 'stopped'; reason: string };

/** What a run would delete now: the same for the flow and for a dry run. */
export async function whatIsDue(now: Date): Promise<Due> {
  const { retention } = platformDefinition().platform;
  const [view, held, atOnce] = await Promise.all([
    readLakeView(),
    all(heldCopies()),
    supersededByErasures(),
  ]);
  const reason = pointerTrouble(view);
  if (reason) return { outcome: 'stopped', reason };
  const rule = { now, inactiveDays: retention.inactiveDays, held, atOnce };
  return { outcome: 'listed', ...dueForCleanUp(view, rule) };
}

/** Lists for one run what it is to delete. Asked again, it lists again. */
export async function listForRun(
  runId: RunId,
  by: string,
  now: Date,
): Promise<{ outcome: 'due' | 'nothingDue' | 'otherRun' | 'pointerUnreadable'; due: number }> {
  if (!(await hasTurn(runId))) return { outcome: 'otherRun', due: 0 };
  await begin(runId, by, now);
  const found = await whatIsDue(now);
  if (found.outcome === 'stopped') {
    await stop(runId, found.reason);
    return { outcome: 'pointerUnreadable', due: 0 };
  }
  const { due, kept, notYet } = found;
  await writeAll([
    ...kept.map((one) => putKept(runId, one)),
    ...due.filter(isForeign).map((one) => putPlace(runId, one)),
  ]);
  const carried = due.map((copy) => (isForeign(copy) ? { ...copy, prefix: copy.copy } : copy));
  await lakeStorage().putJson(
    LIST,
    carried.map((copy) => ({ runId, ...copy })),
  );
  await recordChange([changedRun(runId, { due: due.length, notYet })], {
    chain: `clean-up/${runId}`,
    event: 'cleanUpListed',
    by,
    facts: { due: due.length, kept: kept.length, notYet },
  });
  return { outcome: due.length > 0 ? 'due' : 'nothingDue', due: due.length };
}

async function writeAll(writes: Write[]): Promise<void> {
  for (let at = 0; at < writes.length; at += ROWS_A_WRITE)
    await transact(writes.slice(at, at + ROWS_A_WRITE));
}

/** What was listed for a run that has its turn. */
export const listedForRun = async (runId: RunId): Promise<Copy[]> => {
  const list = ((await lakeStorage().getJson(LIST)) ?? []) as (Copy & { runId: string })[];
  return list.filter((one) => one.runId === runId);
};

async function hasTurn(runId: RunId): Promise<boolean> {
  const holder = await cleaningRun();
  if (holder && holder !== runId) {
    const state = await executionState(configuration().flows.cleanUpInactiveData, holder);
    if (state === 'running') return false;
  }
  return takeCleaningTurn(runId, holder);
}

async function begin(runId: RunId, by: string, now: Date): Promise<void> {
  if (await findRun(runId)) return;
  const row: CleanUpRun = {
    runId,
    status: 'running',
    startedAt: now.toISOString(),
    due: 0,
    notYet: 0,
  };
  await recordChange([newRun(row)], {
    chain: `clean-up/${runId}`,
    event: 'cleanUpBegun',
    by,
    facts: {},
  });
}

async function stop(runId: RunId, reason: string): Promise<void> {
  const ended = { status: 'stopped', reason, endedAt: new Date().toISOString() } as const;
  await recordChange([changedRun(runId, ended), endedCleaningTurn(runId)], {
    chain: `clean-up/${runId}`,
    event: 'cleanUpStopped',
    by: 'listWhatIsDue',
    facts: { reason },
  });
}
