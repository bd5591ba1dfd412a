import type { LakeTable } from '../adapters/lake/lake-table.ts';
import type { BuiltTable, Partition, Snapshot } from '../domain/refresh.ts';

/** Under which the values that a member shares with others are scanned, apart from its own. */
export const sharedPart = (requestId: string): string => `${requestId}/shared`;
export const isSharedPart = (id: string): boolean => id.endsWith('/shared');

/** A partition as the lake reads it, by the declaration under which it was ingested. */
export const tableOfPartition = ({
  source,
  prefix,
  identities,
  personKey,
  clearedColumns,
}: Partition): LakeTable => ({
  kind: 'partition',
  name: source,
  prefix,
  identities,
  personKey,
  clearedColumns,
});

export const tableOfBuilt = (
  kind: 'model' | 'segment',
  name: string,
  { prefix, identities }: Pick<BuiltTable, 'prefix' | 'identities'>,
): LakeTable => ({ kind, name, prefix, identities });

/** Models and segments of one snapshot. */
export const tablesOfSnapshot = ({ models, segments, supersededAt }: Snapshot): LakeTable[] =>
  [
    ...Object.entries(models).map(([name, table]) => tableOfBuilt('model', name, table)),
    ...Object.entries(segments).map(([name, table]) => tableOfBuilt('segment', name, table)),
  ].map((table) => ({ ...table, isActive: supersededAt === undefined }));
