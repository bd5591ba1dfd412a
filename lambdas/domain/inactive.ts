import type { Partition, Snapshot } from './refresh.ts';

/** Something that no reader sees any more, and since when. */
export interface Inactive {
  kind: 'partition' | 'snapshot';
  /** Partition: its source. */
  source?: string;
  id: string;
  inactiveSince: string;
}

export interface CycleEnd {
  cycleId: string;
  /** `undefined`: it is still running. */
  endedAt?: string;
}

/**
 * What is inactive, derived and never stamped: a snapshot since another was published; a partition
 * since the last snapshot that named it was superseded, or, never published, since its cycle ended.
 * What the active snapshot names, or a running cycle builds, is not in the list.
 */
export function inactiveData(
  partitions: Pick<Partition, 'source' | 'partitionId' | 'cycleId'>[],
  snapshots: Pick<Snapshot, 'snapshotId' | 'partitions' | 'supersededAt' | 'emptiedAt'>[],
  cycles: CycleEnd[],
): Inactive[] {
  const endOf = new Map(cycles.map(({ cycleId, endedAt }) => [cycleId, endedAt]));
  const old = snapshots.flatMap(({ snapshotId, supersededAt, emptiedAt }): Inactive[] =>
    supersededAt && !emptiedAt
      ? [{ kind: 'snapshot', id: snapshotId, inactiveSince: supersededAt }]
      : [],
  );
  const unnamed = partitions.flatMap(({ source, partitionId, cycleId }): Inactive[] => {
    const naming = snapshots.filter((snapshot) => snapshot.partitions[source] === partitionId);
    if (naming.some(({ supersededAt }) => supersededAt === undefined)) return [];
    const since =
      naming.length > 0
        ? naming
            .map(({ supersededAt }) => supersededAt ?? '')
            .sort()
            .at(-1)
        : endOf.get(cycleId);
    return since ? [{ kind: 'partition', source, id: partitionId, inactiveSince: since }] : [];
  });
  return [...old, ...unnamed];
}

export const DAY_MS = 86_400_000;

/**
 * The day by which the clean-up has deleted it: inactive for *more than* `inactiveDays`, so the
 * first daily run after that, which is on the next day at the latest.
 * @returns `YYYY-MM-DD` in the time zone
 */
export function deletedBy(inactiveSince: string, inactiveDays: number, timeZone: string): string {
  const at = new Date(Date.parse(inactiveSince) + (inactiveDays + 1) * DAY_MS);
  return at.toLocaleDateString('sv-SE', { timeZone });
}
