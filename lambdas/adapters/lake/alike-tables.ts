import { literal } from '../engine/sql.ts';
import type { LakeContext } from './lake-context.ts';
import { type LakeTable, rowsKey, rowsOfAllSql } from './lake-table.ts';

/** Tables that differ only in when they were written, and are asked as if they were one. */
export interface AlikeTables {
  /** Any of them: what is said of it here holds for all. */
  table: Omit<LakeTable, 'prefix'>;
  /** Their rows; `_row` tells them apart, and says by `FILE_OF_ROW_SQL` which of them it is of. */
  rows: string;
  prefixes: string[];
}

/**
 * Puts tables together that have one name, one declaration, and the same columns of the same types
 * in their files. To plan a query takes longer than to run it over a table of usual size, so that
 * one query over a hundred such tables is as fast as a few of its own would be. A source that
 * changed its columns between two cycles is read in two parts, each as it is.
 * @throws EngineError when a table cannot be read
 */
export async function alikeTables(
  context: Pick<LakeContext, 'engine' | 'lake'>,
  tables: LakeTable[],
): Promise<AlikeTables[]> {
  if (tables.length === 0) return [];
  const shapes = await shapesOf(context, tables);
  const alike = new Map<string, LakeTable[]>();
  for (const table of tables) {
    const { prefix, ...declared } = table;
    const shape = shapes.get(prefix);
    if (shape === undefined) throw new Error(`DuckDB does not say what columns ${prefix} has.`);
    const key = JSON.stringify([declared, shape]);
    alike.set(key, [...(alike.get(key) ?? []), table]);
  }
  return [...alike.values()].map((same) => ({
    table: same[0] as LakeTable,
    rows: rowsOfAllSql(context.lake, same),
    prefixes: same.map(({ prefix }) => prefix),
  }));
}

/** Of each prefix, what its file says of its columns. */
async function shapesOf(
  { engine, lake }: Pick<LakeContext, 'engine' | 'lake'>,
  tables: LakeTable[],
): Promise<Map<string, string>> {
  const prefixes = new Map(tables.map(({ prefix }) => [lake.url(rowsKey(prefix)), prefix]));
  const files = [...prefixes.keys()].map(literal).join(', ');
  const shapes = await engine.rows<{ file: string; shape: string; own: boolean }>(
    `SELECT file_name AS file, bool_or(lower(name) = 'file_index') AS own,
       md5(string_agg(CAST({'a': name, 'b': type, 'c': type_length, 'd': repetition_type,
         'e': num_children, 'f': converted_type, 'g': scale, 'h': precision, 'i': logical_type,
         'j': duckdb_type} AS VARCHAR), chr(10) ORDER BY column_id)) AS shape
     FROM parquet_schema([${files}]) GROUP BY file_name`,
  );
  // A column of the name by which DuckDB tells files apart hides that: such a table is read alone.
  return new Map(
    shapes.map(({ file, shape, own }) => [prefixes.get(file) ?? '', own ? file : shape]),
  );
}
