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
 * A table's rows, each with its number in the file as `_row`. A column of that name that a model
 * took over from a source is hidden: many of its rows may have the same.
 */
export const rowsSql = (lake: Storage, table: Pick<LakeTable, 'prefix'>): string =>
  rowsOfAllSql(lake, [table]);

/** The rows of tables whose files have the same columns; the number of the file stands in `_row`. */
export function rowsOfAllSql(lake: Storage, tables: Pick<LakeTable, 'prefix'>[]): string {
  const files = tables.map(({ prefix }) => literal(lake.url(rowsKey(prefix)))).join(', ');
  const row =
    tables.length === 1 ? 'file_row_number' : `file_index::BIGINT << ${ROW_BITS} | file_row_number`;
  return `SELECT COLUMNS(lambda name: lower(name) NOT IN ('_row', 'file_row_number')), ${row} AS _row
    FROM read_parquet([${files}], file_row_number = true)`;
}

/** A Parquet file of a lake has fewer rows than 2^40. */
const ROW_BITS = 40;

/** Which of the files a row is of, in their order; 0 where there is only one, or none at all. */
export const FILE_OF_ROW_SQL = `(_row >> ${ROW_BITS})::INTEGER`;

/** A table as models read it: of a partition each row has its number; what was built is as it was. */
export const readSql = (lake: Storage, table: Pick<LakeTable, 'kind' | 'prefix'>): string =>
  table.kind === 'partition'
    ? rowsSql(lake, table)
    : `SELECT * FROM read_parquet(${literal(lake.url(rowsKey(table.prefix)))})`;

/** Those of its rows that may hold somebody: all but the ones that were anonymised in place. */
export const heldRowsSql = (lake: Storage, table: LakeTable): string =>
  `${rowsSql(lake, table)}${notCleared(table.clearedColumns)}`;

/** From the file's footer: reads no row. */
export async function countRows(
  context: Pick<LakeContext, 'engine' | 'lake'>,
  prefix: string,
): Promise<number> {
  const [rows = 0] = await countRowsOfAll(context, [prefix]);
  return rows;
}

/** The same of many files at once, in their order. */
export async function countRowsOfAll(
  { engine, lake }: Pick<LakeContext, 'engine' | 'lake'>,
  prefixes: string[],
): Promise<number[]> {
  const urls = prefixes.map((prefix) => lake.url(rowsKey(prefix)));
  const counted = await engine.rows<{ file: string; rows: number }>(
    `SELECT file_name AS file, num_rows::DOUBLE AS rows
     FROM parquet_file_metadata([${urls.map(literal).join(', ')}])`,
  );
  const rows = new Map(counted.map((one) => [one.file, one.rows]));
  return urls.map((url) => rows.get(url) ?? 0);
}
