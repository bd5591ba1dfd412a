import type { CycleTrace, LakeView } from './clean-up.ts';
import { DAY_MS } from './inactive.ts';

/** Messages of faults can be read for so long; their keys expire then. */
const FAULT_DAYS = 30;
/** And their rows are looked for so many days more, should no clean-up run for a while. */
const DAYS_LOOKED_BACK = 60;

/**
 * Cycles of which nothing is left that would have to be known: over for more than `inactiveDays`,
 * what they built deleted, their snapshot and partitions forgotten.
 */
export function forgettableCycles(
  { cycles, snapshots, partitions }: Pick<LakeView, 'cycles' | 'snapshots' | 'partitions'>,
  now: Date,
  inactiveDays: number,
): string[] {
  const known = new Set<string>([
    ...snapshots.map(({ snapshotId }) => snapshotId),
    ...partitions.map(({ cycleId }) => cycleId),
  ]);
  const isOver = ({ endedAt }: CycleTrace) =>
    endedAt !== undefined && now.getTime() - Date.parse(endedAt) > inactiveDays * DAY_MS;
  return cycles.flatMap((cycle) =>
    isOver(cycle) && !known.has(cycle.cycleId) && (cycle.built === undefined || cycle.emptiedAt)
      ? [cycle.cycleId]
      : [],
  );
}

/** Days (`2026-10-25`, UTC) of whose faults the keys have expired. */
export const expiredFaultDays = (now: Date): string[] =>
  Array.from({ length: DAYS_LOOKED_BACK }, (_, index) =>
    new Date(now.getTime() - (FAULT_DAYS + 2 + index) * DAY_MS).toISOString().slice(0, 10),
  );
