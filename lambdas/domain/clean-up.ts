import { createHash } from 'node:crypto';
import { DAY_MS, inactiveData } from './inactive.ts';
import type { Partition, Snapshot } from './refresh.ts';

/**
 * What is deleted as one, by the name that people read: `source crm c-1.1`, `snapshot c-1` (what
 * one cycle built, published or not), `unknown partitions/crm/c-9.1/`; `unknown <hash>` of a name
 * that is not one of this system's.
 */
export interface Copy {
  copy: string;
  /** Key prefix in the lake, ending in `/`; without one, the key of a single object. */
  prefix: string;
  why: 'superseded' | 'neverPublished' | 'unknownToCatalog';
  inactiveSince: string;
  /** As the catalog has it, or as it was listed. */
  bytes: number;
  /** The cycle that built it, which may not be running. */
  cycleId?: string;
}

/** Why something that is due stays, for now. */
export interface KeptCopy extends Copy {
  /** `failed`: it was not all deleted; the next run tries again. */
  reason: 'legalHold' | 'mayStillBeWritten' | 'failed';
  /** Whose hold it is. */
  requestId?: string;
}

/** Copies that a legal hold keeps; `all`: everything inactive. */
export interface HeldCopies {
  requestId: string;
  since: string;
  copies: string[] | 'all';
}

/** What a cycle is to the clean-up. */
export interface CycleTrace {
  cycleId: string;
  /** `undefined`: it is still running. */
  endedAt?: string;
  publishedAt?: string;
  /** Its tables have been deleted. */
  emptiedAt?: string;
  /** Bytes of what it built or began to, if it built anything. */
  built?: number;
}

/** Everything that the rule looks at. */
export interface LakeView {
  active: Pick<Snapshot, 'snapshotId' | 'partitions'> | undefined;
  partitions: Pick<Partition, 'source' | 'partitionId' | 'cycleId' | 'prefix' | 'bytes'>[];
  snapshots: Pick<Snapshot, 'snapshotId' | 'partitions' | 'supersededAt' | 'emptiedAt'>[];
  cycles: CycleTrace[];
  /** Prefixes with objects, of which the catalog knows nothing. */
  strangers: { prefix: string; newestAt: string; bytes: number }[];
}

export interface CleanUpRule {
  now: Date;
  /** Deleted when inactive for more than this. */
  inactiveDays: number;
  held: HeldCopies[];
  /** What an erasure superseded goes whatever its age, where the platform says so. */
  atOnce(copy: Copy): boolean;
}

export interface CleanUpList {
  due: Copy[];
  kept: KeptCopy[];
  /** Inactive, and not for long enough. */
  notYet: number;
}

/**
 * The longest that a function may write after its execution was stopped: a quarter of an hour, and
 * the emulator's and Lambda's own delays. What nobody published is not deleted before.
 */
const STILL_WRITTEN_MS = 3_600_000;

export const copyOfPartition = (source: string, partitionId: string): string =>
  `source ${source} ${partitionId}`;
export const copyOfSnapshot = (cycleId: string): string => `snapshot ${cycleId}`;

/** Names that this system makes; any other may be anybody's words, and stands in no ledger or history. */
const OURS = /^(?:partitions\/[a-z][a-z0-9_]*\/c-\d+\.\d+|snapshots\/c-\d+)\/$/;

export const isForeign = ({ prefix }: Pick<Copy, 'prefix'>): boolean => !OURS.test(prefix);

const copyOfStranger = (prefix: string): string =>
  `unknown ${isForeign({ prefix }) ? createHash('sha256').update(prefix).digest('hex').slice(0, 16) : prefix}`;

/**
 * Why the active pointer cannot be trusted, if so: then nothing may be deleted. A platform that has
 * never published anything has no pointer, and nothing that would be due.
 */
export function pointerTrouble({
  active,
  partitions,
  snapshots,
  cycles,
}: Pick<LakeView, 'active' | 'partitions' | 'snapshots' | 'cycles'>): string | undefined {
  if (!active) {
    const published =
      snapshots.length > 0 || cycles.some(({ publishedAt }) => publishedAt !== undefined);
    return published ? 'pointerMissing' : undefined;
  }
  const row = snapshots.find(({ snapshotId }) => snapshotId === active.snapshotId);
  if (!row) return 'activeSnapshotMissing';
  if (row.supersededAt || row.emptiedAt) return 'activeSnapshotSuperseded';
  const known = new Set(
    partitions.map(({ source, partitionId }) => copyOfPartition(source, partitionId)),
  );
  const isWhole = Object.entries(active.partitions).every(([source, partitionId]) =>
    known.has(copyOfPartition(source, partitionId)),
  );
  return isWhole ? undefined : 'activePartitionMissing';
}

/**
 * What is deleted now: partitions and snapshots that have been inactive for more than
 * `inactiveDays`, inactive meaning replaced by a newer one through a refresh, or never published and
 * their cycle over. What the active snapshot names is never due, however old.
 */
export function dueForCleanUp(view: LakeView, rule: CleanUpRule): CleanUpList {
  if (!view.active) return { due: [], kept: [], notYet: 0 };
  const list: CleanUpList = { due: [], kept: [], notYet: 0 };
  for (const copy of inactiveCopies(view)) {
    if (isNamed(view.active, copy)) continue;
    const age = rule.now.getTime() - Date.parse(copy.inactiveSince);
    const isSuperseded = copy.why === 'superseded';
    const wanted = age > rule.inactiveDays * DAY_MS || rule.atOnce(copy);
    const hold = rule.held.find(({ copies }) => copies === 'all' || copies.includes(copy.copy));
    if (!wanted) list.notYet += 1;
    else if (hold) list.kept.push({ ...copy, reason: 'legalHold', requestId: hold.requestId });
    else if (!isSuperseded && age <= STILL_WRITTEN_MS)
      list.kept.push({ ...copy, reason: 'mayStillBeWritten' });
    else list.due.push(copy);
  }
  return list;
}

/**
 * The active snapshot names it, as a partition or as itself, or something in it or around it: who
 * makes a folder in S3's console makes an object `partitions/crm/`, and everything lies below that.
 */
export function isNamed(
  active: Pick<Snapshot, 'snapshotId' | 'partitions'>,
  { copy, prefix }: Pick<Copy, 'copy' | 'prefix'>,
): boolean {
  const named = Object.entries(active.partitions).map(([source, id]) => ({
    name: copyOfPartition(source, id),
    place: `partitions/${source}/${id}/`,
  }));
  const itself = {
    name: copyOfSnapshot(active.snapshotId),
    place: `snapshots/${active.snapshotId}/`,
  };
  return [itself, ...named].some(
    ({ name, place }) => copy === name || prefix.startsWith(place) || place.startsWith(prefix),
  );
}

/** Whether everything below a prefix is meant, and not the one object with that key. */
export const isFolder = (prefix: string): boolean =>
  /^(?:partitions\/[^/]*\/[^/]*|snapshots\/[^/]*)\/$/.test(prefix);

/** Everything inactive, whatever its age. */
export function inactiveCopies(view: LakeView): Copy[] {
  const byCopy = new Map(
    view.partitions.map((one) => [copyOfPartition(one.source, one.partitionId), one]),
  );
  const cycles = new Map(view.cycles.map((cycle) => [cycle.cycleId, cycle]));
  const named = new Set(
    view.snapshots.flatMap(({ partitions }) =>
      Object.entries(partitions).map(([source, id]) => copyOfPartition(source, id)),
    ),
  );
  const catalogued = inactiveData(view.partitions, view.snapshots, view.cycles).map(
    ({ kind, source = '', id, inactiveSince }): Copy => {
      if (kind === 'snapshot') {
        const bytes = cycles.get(id)?.built ?? 0;
        return { ...ofCycle(id, bytes), why: 'superseded', inactiveSince };
      }
      const copy = copyOfPartition(source, id);
      const { prefix = '', bytes = 0, cycleId } = byCopy.get(copy) ?? {};
      const why = named.has(copy) ? 'superseded' : 'neverPublished';
      return { copy, prefix, why, inactiveSince, bytes, cycleId };
    },
  );
  return [...catalogued, ...unpublished(view), ...strangers(view)];
}

const ofCycle = (cycleId: string, bytes: number) => ({
  copy: copyOfSnapshot(cycleId),
  prefix: `snapshots/${cycleId}/`,
  bytes,
  cycleId,
});

/** What a cycle built that ended without publishing it. */
function unpublished({ snapshots, cycles }: LakeView): Copy[] {
  const published = new Set<string>(snapshots.map(({ snapshotId }) => snapshotId));
  return cycles.flatMap(({ cycleId, endedAt, emptiedAt, built }): Copy[] =>
    built !== undefined && endedAt && !emptiedAt && !published.has(cycleId)
      ? [{ ...ofCycle(cycleId, built), why: 'neverPublished', inactiveSince: endedAt }]
      : [],
  );
}

/** `partitions/crm/c-9.1/` and `snapshots/c-9/…` tell which cycle wrote there. */
export const cycleOfPrefix = (prefix: string): string | undefined =>
  /^(?:partitions\/[^/]+|snapshots)\/(c-\d+)(?:\.\d+)?\//.exec(prefix)?.[1];

/** Objects that no catalog row knows, unless the cycle that they are named after may be at work. */
function strangers({ strangers: found, cycles }: LakeView): Copy[] {
  const running = new Set(cycles.flatMap(({ cycleId, endedAt }) => (endedAt ? [] : [cycleId])));
  return found.flatMap(({ prefix, newestAt, bytes }): Copy[] => {
    const cycleId = cycleOfPrefix(prefix);
    if (cycleId && running.has(cycleId)) return [];
    const why = 'unknownToCatalog' as const;
    return [{ copy: copyOfStranger(prefix), prefix, why, inactiveSince: newestAt, bytes, cycleId }];
  });
}

/**
 * Snapshots whose row says nothing any more that is not said elsewhere: emptied, and not the last
 * that named a partition which is still there and which the active one does not name.
 */
export function forgettable(
  snapshots: LakeView['snapshots'],
  partitions: Pick<Partition, 'source' | 'partitionId'>[],
): string[] {
  const needed = new Set<string>();
  for (const { source, partitionId } of partitions) {
    const naming = snapshots.filter((snapshot) => snapshot.partitions[source] === partitionId);
    const last = naming.toSorted((a, b) =>
      (a.supersededAt ?? '~') < (b.supersededAt ?? '~') ? 1 : -1,
    )[0];
    if (last) needed.add(last.snapshotId);
  }
  return snapshots.flatMap(({ snapshotId, emptiedAt }) =>
    emptiedAt && !needed.has(snapshotId) ? [snapshotId] : [],
  );
}
