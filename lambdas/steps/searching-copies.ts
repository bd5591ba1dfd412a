import { activeSnapshot, partitions, snapshots } from '../adapters/catalog.ts';
import { all } from '../adapters/dynamo.ts';
import { EngineError } from '../adapters/engine/engine-error.ts';
import { alikeTables } from '../adapters/lake/alike-tables.ts';
import type { LakeContext } from '../adapters/lake/lake-context.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import { countRowsHolding } from '../adapters/lake/prove.ts';
import type { AskedSubject } from '../adapters/source.ts';
import { copyOfPartition, copyOfSnapshot } from '../domain/clean-up.ts';
import { tableOfPartition, tablesOfSnapshot } from './lake-tables.ts';
import { readInactive } from './reading-inactive.ts';

interface Copy {
  table: LakeTable;
  copy: string;
  /** Not of one that is being written, or never was. */
  isWhole: boolean;
}

/** How many rows of each table hold one subject, in the active data and in all inactive copies. */
export async function searchAll(lake: LakeContext, subject: AskedSubject) {
  const [active, kept, published] = await Promise.all([
    activeSnapshot(),
    all(partitions()),
    all(snapshots()),
  ]);
  const copies: Record<'active' | 'inactive', Copy[]> = { active: [], inactive: [] };
  for (const partition of kept) {
    const { source, partitionId } = partition;
    const isActive = active?.partitions[source] === partitionId;
    copies[isActive ? 'active' : 'inactive'].push({
      table: tableOfPartition(partition),
      copy: copyOfPartition(source, partitionId),
      isWhole: partition.state === 'ingested',
    });
  }
  for (const snapshot of published) {
    const copy = copyOfSnapshot(snapshot.snapshotId);
    const tables = tablesOfSnapshot(snapshot).map((table) => ({ table, copy, isWhole: true }));
    copies[snapshot.supersededAt ? 'inactive' : 'active'].push(...tables);
  }
  const counts = new Map<string, ReturnType<typeof counted>>();
  const add = (found: ReturnType<typeof counted>) => {
    const key = `${found.kind} ${found.name} ${found.where}`;
    counts.set(key, { ...found, rows: found.rows + (counts.get(key)?.rows ?? 0) });
  };
  for (const found of await searchCopies(lake, copies.active, subject))
    add(counted(found.table, 'active', found.rows));
  for (const found of await searchInactive(lake, copies.inactive, subject))
    add(counted(found.table, 'inactive', found.rows));
  return [...counts.values()];
}

interface Counted {
  table: Pick<LakeTable, 'kind' | 'name'>;
  rows: number;
}

async function searchCopies(
  lake: LakeContext,
  copies: Copy[],
  subject: AskedSubject,
): Promise<Counted[]> {
  const found: Counted[] = [];
  const tables = copies.map(({ table }) => table);
  for (const alike of await alikeTables(lake, tables))
    found.push({ table: alike.table, rows: await countRowsHolding(lake, alike, subject) });
  return found;
}

/** All at once; each by itself that cannot be read, or where one goes meanwhile. */
async function searchInactive(
  lake: LakeContext,
  copies: Copy[],
  subject: AskedSubject,
): Promise<Counted[]> {
  const whole = copies.filter(({ isWhole }) => isWhole);
  const together = await searchCopies(lake, whole, subject).catch((error: unknown) => {
    if (error instanceof EngineError) return undefined;
    throw error;
  });
  const found = together ?? [];
  for (const one of copies) {
    const { copy, table, isWhole } = one;
    if (together && isWhole) continue;
    const remains = await readInactive(lake, copy, table.prefix, () =>
      searchCopies(lake, [one], subject),
    );
    found.push(...(remains.outcome === 'read' ? remains.found : [{ table, rows: 0 }]));
  }
  return found;
}

const counted = (table: Counted['table'], where: 'active' | 'inactive', rows: number) => ({
  kind: table.kind === 'partition' ? ('source' as const) : table.kind,
  name: table.name,
  where,
  rows,
});
