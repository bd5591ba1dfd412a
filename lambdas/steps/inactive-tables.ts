import { partitions, snapshots } from '../adapters/catalog.ts';
import { builtTables, type CycleRow, cycleEnds } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { inactiveData } from '../domain/inactive.ts';
import { tableOfBuilt, tableOfPartition, tablesOfSnapshot } from './lake-tables.ts';

export interface InactiveTable {
  /** `source crm c-1.1`, `model customers c-1`. */
  name: string;
  table: LakeTable;
  inactiveSince: string;
}

/** Every table that may hold rows and that no reader sees, finished or not, being deleted or not. */
export async function inactiveTables(): Promise<InactiveTable[]> {
  const [kept, published, cycles] = await Promise.all([
    all(partitions()),
    all(snapshots()),
    all(cycleEnds()),
  ]);
  const publishing = new Set<string>(published.map(({ snapshotId }) => snapshotId));
  const unpublished = await mapLimited(
    cycles.filter(({ cycleId, emptiedAt }) => !publishing.has(cycleId) && !emptiedAt),
    20,
    unpublishedTables,
  );
  const inactive = inactiveData(kept, published, cycles).flatMap(
    ({ kind, source, id, inactiveSince }) => {
      if (kind === 'partition') {
        return kept
          .filter((partition) => partition.source === source && partition.partitionId === id)
          .map((partition) => ({
            name: `source ${source} ${id}`,
            table: tableOfPartition(partition),
            inactiveSince,
          }));
      }
      return published
        .filter(({ snapshotId }) => snapshotId === id)
        .flatMap(tablesOfSnapshot)
        .map((table) => ({ name: `${table.kind} ${table.name} ${id}`, table, inactiveSince }));
    },
  );
  return [...inactive, ...unpublished.flat()];
}

/** What a cycle built, or began to, that died or failed before it published: no snapshot names it. */
async function unpublishedTables({
  cycleId,
  endedAt,
}: Pick<CycleRow, 'cycleId' | 'endedAt'>): Promise<InactiveTable[]> {
  if (!endedAt) return [];
  const built = await all(builtTables(cycleId));
  return built.flatMap(({ kind, name, table, unfinished = table }) =>
    unfinished
      ? [
          {
            name: `${kind} ${name} ${cycleId}`,
            table: tableOfBuilt(kind, name, unfinished),
            inactiveSince: endedAt,
          },
        ]
      : [],
  );
}
