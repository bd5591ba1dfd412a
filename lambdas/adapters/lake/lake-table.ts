import type { IdentityColumn } from '../../domain/identity.ts';
import { literal } from '../engine/sql.ts';
import { notCleared } from './candidates.ts';
import type { LakeContext } from './lake-context.ts';
import type { Storage } from './lake-storage.ts';

/** One Parquet file of rows in the lake, and which of its columns point at people. */
export interface LakeTable {
  kind: 'partition' | 'model' | 'segment';
  name: string;
  /** Key prefix in the lake bucket, ending in `/`. */
  prefix: string;
  identities: IdentityColumn[];
  personKey?: string | undefined;
  /** Of a source that anonymises in place: a row with all of these empty holds nobody. */
  clearedColumns?: string[] | undefined;
  /** Of a snapshot's table: whether that snapshot is the active one. */
  isActive?: boolean | undefined;
}

export const rowsKey = (prefix: string): string => `${prefix}rows.parquet`;

/** Only partitions have one: `(type, raw, value)`, of the types that SQL cannot normalise. */
export const normalisedKey = (prefix: string): string => `${prefix}normalised.parquet`;

/**
 * A table's rows, each with its number in the file as `_row`. A model may give a `_row` too, which
 * tells the rows of its source apart and not its own: that one is left out.
 */
export const rowsSql = (lake: Storage, { prefix }: Pick<LakeTable, 'prefix'>): string =>
  `SELECT file_row_number AS _row, COLUMNS(lambda name: lower(name) NOT IN ('_row', 'file_row_number'))
   FROM read_parquet(${literal(lake.url(rowsKey(prefix)))}, file_row_number = true)`;

/** What the SQL of others sees: the columns that it has, and of a partition `_row`. */
export const viewSql = (lake: Storage, table: Pick<LakeTable, 'kind' | 'prefix'>): string =>
  table.kind === 'partition'
    ? rowsSql(lake, table)
    : `SELECT * FROM read_parquet(${literal(lake.url(rowsKey(table.prefix)))})`;

/** Those of its rows that may hold somebody: all but the ones that were anonymised in place. */
export const heldRowsSql = (lake: Storage, table: LakeTable): string =>
  `${rowsSql(lake, table)}${notCleared(table.clearedColumns)}`;

/** From the file's footer: reads no row. */
export async function countRows(
  { engine, lake }: Pick<LakeContext, 'engine' | 'lake'>,
  prefix: string,
): Promise<number> {
  const [rows = 0] = await engine.column<number>(
    `SELECT num_rows::DOUBLE FROM parquet_file_metadata(${literal(lake.url(rowsKey(prefix)))})`,
  );
  return rows;
}
