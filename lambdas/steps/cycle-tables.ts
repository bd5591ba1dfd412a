import { activeSnapshot, findPartition } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { builtTables, refreshedSources } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import type { CycleId } from '../domain/ids.ts';
import type { Snapshot } from '../domain/refresh.ts';
import { tableOfBuilt, tableOfPartition } from './lake-tables.ts';

/** What a cycle works on: its own partitions where it refreshed, else the active ones. */
export interface CycleTables {
  previous: Snapshot | undefined;
  partitions: Record<string, string>;
  sources: Map<string, LakeTable>;
  models: Map<string, LakeTable>;
  segments: Map<string, LakeTable>;
}

export async function cycleTables(cycleId: CycleId): Promise<CycleTables> {
  const [previous, refreshed, built] = await Promise.all([
    activeSnapshot(),
    all(refreshedSources(cycleId)),
    all(builtTables(cycleId)),
  ]);
  const { platform } = platformDefinition();
  // A source that platform.yaml names no more leaves with the next snapshot.
  const partitions: Record<string, string> = Object.fromEntries(
    Object.entries(previous?.partitions ?? {}).filter(([source]) => platform.sources[source]),
  );
  for (const { source, outcome, partitionId } of refreshed) {
    if (outcome === 'successful' && partitionId) partitions[source] = partitionId;
  }
  const sources = await Promise.all(
    Object.entries(partitions).map(async ([source, partitionId]) => {
      const partition = await findPartition(source, partitionId);
      if (partition?.state !== 'ingested')
        throw new Error(`The catalog lacks a whole partition ${source} ${partitionId}.`);
      return [source, tableOfPartition(partition)] as const;
    }),
  );
  const of = (kind: 'model' | 'segment') =>
    new Map(
      built.flatMap((row) =>
        row.kind === kind && row.table ? [[row.name, tableOfBuilt(kind, row.name, row.table)]] : [],
      ),
    );
  return {
    previous,
    partitions,
    sources: new Map(sources),
    models: of('model'),
    segments: of('segment'),
  };
}
