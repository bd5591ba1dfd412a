import { getGathering } from '../adapters/gatherings.ts';
import { type GatheredTable, gatherTable } from '../adapters/lake/gather.ts';
import { withLake } from '../adapters/lake/lake-context.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import type { TableKind } from '../domain/export/contents.ts';
import type { GatheringId } from '../domain/ids.ts';
import { readGatheredSubjects } from './gathering-door.ts';
import { tableOf } from './snapshot-tables.ts';

/** Where the rows of one table lie, of all members: `work/g-3/source-crm/`. */
export const gatheredPrefix = (gatheringId: string, table: string): string =>
  `work/${gatheringId}/${table.replace(' ', '-')}/`;

const summaryKey = (gatheringId: string, table: string) =>
  `${gatheredPrefix(gatheringId, table)}table.json`;

/** Copies the rows of all members out of one table of the snapshot. Done once, it is not done again. */
export async function gatherOneTable(
  gatheringId: GatheringId,
  name: string,
): Promise<{ outcome: 'gathered'; members: number; rows: number }> {
  const { snapshotId } = await getGathering(gatheringId);
  const done = await readSummary(gatheringId, name);
  const gathered = done ?? (await gather(gatheringId, snapshotId, name));
  const counts = Object.values(gathered.rows);
  return {
    outcome: 'gathered',
    members: counts.length,
    rows: counts.reduce((sum, rows) => sum + rows, 0),
  };
}

async function gather(
  gatheringId: GatheringId,
  snapshotId: string,
  name: string,
): Promise<GatheredTable> {
  const table = await tableOf(snapshotId, name);
  const gathered = await withLake(async (lake) => {
    const subjects = await readGatheredSubjects(lake, gatheringId);
    return gatherTable(lake, table, subjects, gatheredPrefix(gatheringId, name));
  });
  await lakeStorage().putJson(summaryKey(gatheringId, name), gathered);
  return gathered;
}

const readSummary = async (gatheringId: string, name: string) =>
  (await lakeStorage().getJson(summaryKey(gatheringId, name))) as GatheredTable | undefined;

/** One table as it was gathered for one request. */
export interface TableOfRequest {
  kind: TableKind;
  name: string;
  prefix: string;
  columns: GatheredTable['columns'];
  rows: number;
  leftOut: number;
}

/** Every table that was gathered, with what it has of one request. */
export async function tablesOfRequest(
  gatheringId: string,
  requestId: string,
): Promise<TableOfRequest[]> {
  const { tables } = await getGathering(gatheringId);
  return mapLimited(tables, 20, async (table) => {
    const gathered = await readSummary(gatheringId, table);
    if (!gathered)
      throw new Error(`What ${gatheringId} gathered of ${table} is gone: it is kept for 7 days.`);
    const [kind, name = ''] = table.split(' ');
    return {
      kind: kind as TableKind,
      name,
      prefix: gatheredPrefix(gatheringId, table),
      columns: gathered.columns,
      rows: gathered.rows[requestId] ?? 0,
      leftOut: gathered.leftOut[requestId] ?? 0,
    };
  });
}
