import { partitions, snapshots } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { builtTables, type CycleRow, cycleRows, findings } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import type { Residue } from '../domain/cycle-result.ts';
import type { CycleId } from '../domain/ids.ts';
import { deletedBy, inactiveData } from '../domain/inactive.ts';
import { tableOfBuilt, tableOfPartition, tablesOfSnapshot } from './lake-tables.ts';
import { type ScanRow, scan, scansOf } from './proving.ts';

/** One call of a function scans for this long, and then says that there is more. */
const MILLISECONDS_A_CALL = 300_000;

interface InactiveTable {
  /** `source crm c-1.1`, `model customers c-1`. */
  name: string;
  table: LakeTable;
  inactiveSince: string;
}

/** Scans inactive partitions and snapshots for the members, and goes on where it was when asked again. */
export async function scanInactive(
  cycleId: CycleId,
): Promise<{ outcome: 'more' | 'done'; scanned: number }> {
  const until = Date.now() + MILLISECONDS_A_CALL;
  const [tables, done] = await Promise.all([
    inactiveTables(),
    all(findings<ScanRow>(cycleId, 'RESIDUE')),
  ]);
  const names = new Set(done.map(({ name }) => name));
  const left = tables.filter(({ name }) => !names.has(name));
  for (const [index, { name, table }] of left.entries()) {
    if (index > 0 && Date.now() > until) return { outcome: 'more', scanned: names.size + index };
    await scan(cycleId, 'RESIDUE', name, table);
  }
  return { outcome: 'done', scanned: tables.length };
}

/** What a cycle built that died or failed before it published: no snapshot names it. */
async function unpublishedTables({ cycleId, endedAt }: CycleRow): Promise<InactiveTable[]> {
  if (!endedAt) return [];
  const built = await all(builtTables(cycleId));
  return built.flatMap(({ kind, name, table }) =>
    table
      ? [
          {
            name: `${kind} ${name} ${cycleId}`,
            table: tableOfBuilt(kind, name, table),
            inactiveSince: endedAt,
          },
        ]
      : [],
  );
}

async function inactiveTables(): Promise<InactiveTable[]> {
  const [kept, published, cycles] = await Promise.all([
    all(partitions()),
    all(snapshots()),
    all(cycleRows()),
  ]);
  const publishing = new Set<string>(published.map(({ snapshotId }) => snapshotId));
  const unpublished = await mapLimited(
    cycles.filter(({ cycleId }) => !publishing.has(cycleId)),
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

/** For each member, what inactive data still holds it, and the day by which that is deleted. */
export async function residueOf(
  cycleId: CycleId,
): Promise<{ tables: number; of(requestId: string): Residue[] }> {
  const { platform } = platformDefinition();
  const [{ scans, foundIn }, tables] = await Promise.all([
    scansOf(cycleId, 'RESIDUE'),
    inactiveTables(),
  ]);
  const since = new Map(tables.map(({ name, inactiveSince }) => [name, inactiveSince]));
  return {
    tables: scans.length,
    of: (requestId) =>
      foundIn(requestId).map(({ kind, name, rows }) => {
        const [table = '', id = ''] = name.split(' ');
        const inactiveSince = since.get(`${kind} ${name}`) ?? new Date().toISOString();
        const { retention, timeZone } = platform;
        const day = deletedBy(inactiveSince, retention.inactiveDays, timeZone);
        return { kind, name: table, rows, in: id, inactiveSince, deletedBy: day };
      }),
  };
}
