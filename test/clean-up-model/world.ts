import type { Copy, LakeView } from '../../lambdas/domain/clean-up.ts';

/** A mistake that could be made; each is to be found. */
export type Mistake =
  | 'cleansWhatARunningCycleBuilds'
  | 'markForgetsThePointer'
  | 'markForgetsTheTurn'
  | 'forgetsBeforeItIsEmpty'
  | 'deletesFirstAndMarksLater'
  | 'publishForgetsItsTurn';

interface PartitionRow {
  cycle: string;
  deleting?: boolean;
}
interface SnapshotRow {
  crm: string;
  supersededAt?: string;
  emptiedAt?: string;
}
interface CycleRow {
  endedAt?: string;
  publishedAt?: string;
  emptiedAt?: string;
  deleting?: boolean;
  built?: boolean;
}

/** A cycle at work; a stopped one goes on as a zombie, until nobody of it can be alive any more. */
interface CycleAtWork {
  cycle: string;
  next: number;
  /** What it read before it publishes. */
  previous?: string;
  refreshes: boolean;
}

export interface Cleaner {
  next: 'bucket' | 'pointer' | 'partitions' | 'snapshots' | 'cycles' | 'copies' | 'over';
  seen: Partial<Pick<World, 'partitions' | 'snapshots' | 'cycles'>> & {
    pointer?: string | null;
    objects?: string[];
  };
  list: Copy[];
  /** Of the first copy of the list. */
  at: 'look' | 'mark' | 'delete' | 'assert' | 'forget';
  /** With what the work on a copy begins. */
  begins: 'look' | 'delete';
  active?: string;
  crashes: number;
  runs: number;
}

/** Everything that is stored, and everybody who is at work. JSON, so that states can be compared. */
export interface World {
  pointer: string | null;
  holder: string | null;
  n: number;
  partitions: Record<string, PartitionRow>;
  snapshots: Record<string, SnapshotRow>;
  cycles: Record<string, CycleRow>;
  /** Keys; two objects a prefix, so that it can be half gone. */
  objects: string[];
  atWork: CycleAtWork[];
  cleaner: Cleaner;
  stops: number;
  /** Cycles that still begin. */
  toCome: number;
}

/** Of a world, which is JSON: many times as fast as structuredClone. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy = { ...value };
  for (const name in copy) copy[name] = clone(copy[name]);
  return copy;
}

export const anIdleCleaner = (): Cleaner => ({
  next: 'bucket',
  seen: {},
  list: [],
  at: 'look',
  begins: 'look',
  crashes: 1,
  runs: 1,
});

export const partitionPrefix = (cycle: string) => `partitions/crm/${cycle}.1/`;
export const snapshotPrefix = (cycle: string) => `snapshots/${cycle}/`;
export const objectsOf = (prefix: string) => [`${prefix}a`, `${prefix}b`];

/** c-1 was replaced long ago; c-2 is active, over c-1's partition or its own. */
export function aWorld({ shares }: { shares: boolean }): World {
  const long = '2026-01-01T00:00:00.000Z';
  const crm = shares ? 'c-1.1' : 'c-2.1';
  const partitions: World['partitions'] = { 'c-1.1': { cycle: 'c-1' } };
  if (!shares) partitions['c-2.1'] = { cycle: 'c-2' };
  return {
    pointer: 'c-2',
    holder: null,
    n: 2,
    partitions,
    snapshots: { 'c-1': { crm: 'c-1.1', supersededAt: long }, 'c-2': { crm } },
    cycles: Object.fromEntries(
      ['c-1', 'c-2'].map((cycle) => [cycle, { endedAt: long, publishedAt: long, built: true }]),
    ),
    objects: [
      ...Object.keys(partitions).flatMap((id) => objectsOf(`partitions/crm/${id}/`)),
      ...['c-1', 'c-2'].flatMap((cycle) => objectsOf(snapshotPrefix(cycle))),
    ],
    atWork: [],
    cleaner: anIdleCleaner(),
    stops: 1,
    toCome: 2,
  };
}

/** As the real rule looks at it. */
export function viewOf({
  pointer,
  partitions,
  snapshots,
  cycles,
  objects,
}: Pick<World, 'pointer' | 'partitions' | 'snapshots' | 'cycles' | 'objects'>): LakeView {
  const rows = Object.entries(snapshots).map(([snapshotId, { crm, supersededAt, emptiedAt }]) => ({
    snapshotId,
    partitions: { crm },
    supersededAt,
    emptiedAt,
  }));
  const known = new Set([
    ...Object.keys(partitions).map((id) => `partitions/crm/${id}/`),
    ...Object.entries(cycles).flatMap(([cycle, { built, emptiedAt, endedAt }]) =>
      (built && !emptiedAt) || !endedAt ? [snapshotPrefix(cycle)] : [],
    ),
  ]);
  const prefixes = new Set(objects.map((key) => key.slice(0, key.lastIndexOf('/') + 1)));
  return {
    active:
      pointer === null
        ? undefined
        : (rows.find(({ snapshotId }) => snapshotId === pointer) ?? {
            snapshotId: pointer,
            partitions: {},
          }),
    partitions: Object.entries(partitions).map(([partitionId, { cycle }]) => ({
      source: 'crm',
      partitionId,
      cycleId: cycle,
      prefix: `partitions/crm/${partitionId}/`,
      bytes: 1,
    })),
    snapshots: rows,
    cycles: Object.entries(cycles).map(([cycleId, { built, endedAt, publishedAt, emptiedAt }]) => ({
      cycleId,
      endedAt,
      publishedAt,
      emptiedAt,
      built: built ? 1 : undefined,
    })),
    strangers: [...prefixes]
      .filter((prefix) => !known.has(prefix))
      .map((prefix) => ({ prefix, newestAt: '2026-01-01T00:00:00.000Z', bytes: 1 })),
  } as unknown as LakeView;
}
