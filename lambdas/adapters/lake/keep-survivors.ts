import { wholeColumns } from '../../domain/identity.ts';
import { literal } from '../engine/sql.ts';
import {
  columnsForTypescript,
  fillNormalised,
  identitiesSql,
  partitionIdentitiesSql,
} from './identities.ts';
import type { LakeContext } from './lake-context.ts';
import { countRows, type LakeTable, rowsKey, rowsSql } from './lake-table.ts';

export interface Survivors {
  old: LakeTable;
  /** The new models, and partitions, in which people may still stand. */
  standing: LakeTable[];
  prefix: string;
}

/**
 * A frozen segment without those who are gone: a row survives if every value of its unique
 * identities still stands in one of the tables. One who changed an address leaves the segment, too;
 * a row without any identity points at nobody, and stays.
 */
export async function keepSurvivors(
  context: LakeContext,
  { old, standing, prefix }: Survivors,
): Promise<{ rows: number; bytes: number }> {
  const { engine, lake, identityTypes } = context;
  const isUnique = ({ type }: { type: string }) => identityTypes[type]?.points === 'unique';
  const identities = wholeColumns(old.identities).filter(isUnique);
  const types = new Set(identities.map(({ type }) => type));
  const held = await identitiesOf(context, { ...old, identities }, 'normal_old');
  const stands = await Promise.all(
    standing.map((table, position) => {
      const comparable = table.identities.filter(({ type }) => types.has(type));
      return identitiesOf(context, { ...table, identities: comparable }, `normal_${position}`);
    }),
  );
  const standingSql = stands.map((sql) => `SELECT type, value FROM (${sql})`).join(' UNION ');
  await engine.run(
    `COPY (
       WITH held AS (${held}), standing AS (${standingSql || 'SELECT type, value FROM held WHERE false'})
       SELECT * EXCLUDE (file_row_number)
       FROM read_parquet(${literal(lake.url(rowsKey(old.prefix)))}, file_row_number = true)
       WHERE file_row_number NOT IN (
         SELECT _row FROM held ANTI JOIN standing USING (type, value)
       )
     ) TO ${literal(lake.url(rowsKey(prefix)))} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return { rows: await countRows(context, prefix), bytes: await lake.sizeOf(rowsKey(prefix)) };
}

async function identitiesOf(
  context: LakeContext,
  table: LakeTable,
  normalised: string,
): Promise<string> {
  if (table.kind === 'partition') return partitionIdentitiesSql(context, table);
  await fillNormalised(context, {
    table: normalised,
    relation: rowsSql(context.lake, table),
    columns: columnsForTypescript(context, table.identities),
  });
  return identitiesSql(context, table, normalised);
}
