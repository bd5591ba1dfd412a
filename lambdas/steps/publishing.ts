import { activeSnapshot, findSnapshot, publication } from '../adapters/catalog.ts';
import { builtTables, changedCycle, getCycle, holds } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { type CycleId, SnapshotId } from '../domain/ids.ts';
import type { BuiltTable, Snapshot } from '../domain/refresh.ts';
import { cycleTables } from './cycle-tables.ts';

/** Publishes what the cycle built; published already, it gives the same tables again. */
export async function publishCycle(
  cycleId: CycleId,
): Promise<{ outcome: 'published'; tables: string[] }> {
  const published = (await findSnapshot(cycleId)) ?? (await publish(cycleId));
  return { outcome: 'published', tables: tableNames(published) };
}

/** `source crm`, `model customers`: what there is to prove, one scan each. */
export const tableNames = ({ partitions, models, segments }: Snapshot): string[] => [
  ...Object.keys(partitions).map((name) => `source ${name}`),
  ...Object.keys(models).map((name) => `model ${name}`),
  ...Object.keys(segments).map((name) => `segment ${name}`),
];

async function publish(cycleId: CycleId): Promise<Snapshot> {
  const [{ partitions }, built, previous] = await Promise.all([
    cycleTables(cycleId),
    all(builtTables(cycleId)),
    activeSnapshot(),
  ]);
  const tables = (kind: 'model' | 'segment'): Record<string, BuiltTable> =>
    Object.fromEntries(
      built.flatMap((row) => (row.kind === kind && row.table ? [[row.name, row.table]] : [])),
    );
  const snapshot: Snapshot = {
    snapshotId: SnapshotId.parse(cycleId),
    publishedAt: new Date().toISOString(),
    partitions: partitions as Snapshot['partitions'],
    models: tables('model'),
    segments: tables('segment'),
  };
  const { publishedAt } = snapshot;
  const outcome = await recordChange(
    [
      holds('CYCLE', cycleId),
      ...publication(snapshot, previous?.snapshotId),
      changedCycle(cycleId, { phase: 'published', publishedAt }),
    ],
    {
      chain: `cycle/${cycleId}`,
      event: 'snapshotPublished',
      by: 'publishSnapshot',
      facts: {
        snapshot: cycleId,
        previous: previous?.snapshotId,
        tables: tableNames(snapshot).length,
      },
    },
  );
  if (outcome === 'recorded') return snapshot;
  const { phase } = await getCycle(cycleId);
  const first = await findSnapshot(cycleId);
  if (phase === 'refreshing' || !first) {
    throw new Error(`${cycleId} has lost its turn, so its snapshot must not be published.`);
  }
  return first;
}
