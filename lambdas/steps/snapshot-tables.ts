import { findPartition, findSnapshot } from '../adapters/catalog.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import { tableOfBuilt, tableOfPartition } from './lake-tables.ts';

/** A table of a snapshot by its name, `source crm`. @throws Error when the snapshot has none of it */
export async function tableOf(snapshotId: string, name: string): Promise<LakeTable> {
  const [kind, table = ''] = name.split(' ');
  const snapshot = await findSnapshot(snapshotId);
  if (kind === 'source') {
    const partition = await findPartition(table, snapshot?.partitions[table] ?? '');
    if (partition) return tableOfPartition(partition);
  } else {
    const built = kind === 'model' ? snapshot?.models[table] : snapshot?.segments[table];
    if (built) return tableOfBuilt(kind === 'model' ? 'model' : 'segment', table, built);
  }
  throw new Error(`The snapshot ${snapshotId} has no ${name}.`);
}
