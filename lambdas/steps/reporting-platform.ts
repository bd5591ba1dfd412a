import { activeSnapshot, findPartition, snapshots, sourceRows } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { lockRow, queueRows } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { queuedExports } from '../adapters/gatherings.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { waitersFor } from '../adapters/source-waiters.ts';
import { suppressedList } from '../adapters/suppressed-people.ts';
import { verifyingRows } from '../adapters/verifying.ts';
import { findWait, findWaitByKey, waitKeyOf } from '../adapters/waits.ts';
import type {
  LineReport,
  SnapshotReport,
  SourceReport,
  SuppressedReport,
} from '../domain/desk-reports.ts';
import { LINE_NAMES, LINES, type LineName, turnName } from '../domain/turn.ts';
import { openWaits, summaryOf } from './open-waits.ts';

export async function reportSources(): Promise<SourceReport[]> {
  const { platform } = platformDefinition();
  const rows = new Map((await all(sourceRows())).map((row) => [row.source, row]));
  return Promise.all(
    Object.entries(platform.sources).map(async ([source, { kind }]) => {
      const { acceptLoss: _, ...row } = rows.get(source) ?? { status: 'never' as const };
      return { ...row, source, kind, decision: await decisionOn(source) };
    }),
  );
}

/** One decision on a source answers for all that wait for it, so one of their waits is enough. */
async function decisionOn(source: string): Promise<SourceReport['decision']> {
  const waiters = await all(waitersFor(source));
  const waits = await mapLimited(waiters, 20, ({ requestId, round }) =>
    findWait(requestId, 'whatToDo', round),
  );
  const open = waits.flatMap((wait) => (wait && !wait.answer ? [wait] : []));
  const [newest] = open.sort((a, b) => (a.since < b.since ? 1 : -1));
  return newest && { requests: open.length, wait: summaryOf(newest) };
}

export async function reportSnapshot(): Promise<SnapshotReport> {
  const [active, kept] = await Promise.all([activeSnapshot(), all(snapshots())]);
  if (!active) return { tables: [], inactive: 0 };
  const sources = await Promise.all(
    Object.entries(active.partitions).map(async ([name, partitionId]) => {
      const { rows = 0, bytes = 0, prefix = '' } = (await findPartition(name, partitionId)) ?? {};
      return { kind: 'source' as const, name, rows, bytes, prefix };
    }),
  );
  const built = (kind: 'model' | 'segment', tables: typeof active.models) =>
    Object.entries(tables).map(([name, { rows, bytes, prefix }]) => ({
      kind,
      name,
      rows,
      bytes,
      prefix,
    }));
  return {
    snapshotId: active.snapshotId,
    publishedAt: active.publishedAt,
    tables: [...sources, ...built('model', active.models), ...built('segment', active.segments)],
    inactive: kept.length - 1,
  };
}

/** Those about whom somebody has to decide first. */
export async function reportSuppressed(): Promise<SuppressedReport[]> {
  const people = (await all(suppressedList(new Date()))).filter(({ state }) => state === 'erased');
  const reports = await mapLimited(people, 20, async (person): Promise<SuppressedReport> => {
    const { requestId, suppressedUntil, retained, keptOut = false, finding } = person;
    const key = finding === undefined ? undefined : waitKeyOf(finding);
    const wait = key && (await findWaitByKey(key));
    return {
      requestId,
      retained,
      keptOut,
      ...(suppressedUntil && { suppressedUntil }),
      ...(wait && !wait.answer && { wait: summaryOf(wait) }),
    };
  });
  return reports.sort((a, b) => Number(b.wait !== undefined) - Number(a.wait !== undefined));
}

export const reportLines = (): Promise<LineReport[]> => Promise.all(LINE_NAMES.map(reportLine));

const WAITING: Record<LineName, () => AsyncGenerator<unknown>> = {
  cycles: queueRows,
  verification: () => verifyingRows(),
  gatherings: queuedExports,
};

async function reportLine(line: LineName): Promise<LineReport> {
  const { lock: lockName, owner } = LINES[line];
  const [lock, waiting, waits] = await Promise.all([
    lockRow(lockName),
    all<unknown>(WAITING[line]()),
    openWaits(owner),
  ]);
  return {
    line,
    turn: lock?.holder,
    startsAt: lock?.startsAt,
    begun: lock?.begun ?? false,
    lastTurn: lock && turnName(line, lock.n),
    deaths: lock?.deaths ?? 0,
    stuck: lock?.stuck ?? false,
    waiting: waiting.length,
    wait: waits[0],
  };
}
