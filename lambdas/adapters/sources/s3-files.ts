import { identifier, literal, literals } from '../engine/sql.ts';
import type { Engine } from '../engine.ts';
import { type Storage, storage } from '../lake/lake-storage.ts';
import type { SourceContext } from '../source.ts';
import { csvHeader } from './csv-header.ts';
import { SourceFailure } from './source-failure.ts';

type Columns = Record<string, string>;

const HEADER_BYTES = 65_536;
const HEADERS_AT_ONCE = 16;

/**
 * A subquery over all files of the source, with the declared columns among its columns.
 * @throws SourceFailure when there is no file, or one lacks a declared column
 */
export async function filesSql({ source, engine }: SourceContext<'s3'>): Promise<string> {
  const bucket = storage(source.bucket);
  const objects = (await bucket.list(source.prefix)).filter(({ key }) => !key.endsWith('/'));
  if (objects.length === 0)
    throw new SourceFailure(
      'tableMissing',
      `There is no file below s3://${source.bucket}/${source.prefix}.`,
    );
  const keys = objects.filter(({ bytes }) => bytes > 0).map(({ key }) => key);
  if (keys.length === 0) return emptySql(source.columns);
  switch (source.format) {
    case 'csv':
      return csvSql(bucket, keys, source.columns);
    case 'jsonLines':
      return jsonLinesSql(
        keys.map((key) => bucket.url(escapeGlob(key))),
        source.columns,
      );
    case 'parquet':
      return parquetSql(
        engine,
        keys.map((key) => bucket.url(escapeGlob(key))),
        source.columns,
      );
    default:
      return source.format satisfies never;
  }
}

/** A subquery over JSON lines; a field that a line lacks is NULL. */
export const jsonLinesSql = (files: string[], columns: Columns): string =>
  `(SELECT * FROM read_json(${literals(files)}, format = 'newline_delimited',
     columns = ${typedSql(Object.entries(columns))}))`;

/** No rows, of these columns. */
export const emptySql = (columns: Columns): string =>
  `(SELECT ${Object.entries(columns)
    .map(([name, type]) => `CAST(NULL AS ${type}) AS ${identifier(name)}`)
    .join(', ')} WHERE false)`;

// Columns are found by their names: files whose headers differ are read apart, and put together.
async function csvSql(bucket: Storage, keys: string[], columns: Columns): Promise<string> {
  const filesByHeader = new Map<string, string[]>();
  for (let first = 0; first < keys.length; first += HEADERS_AT_ONCE)
    await Promise.all(
      keys.slice(first, first + HEADERS_AT_ONCE).map(async (key) => {
        const header = csvHeader(await bucket.head(key, HEADER_BYTES));
        requireColumns(columns, header, bucket.url(key));
        const files = filesByHeader.get(JSON.stringify(header)) ?? [];
        filesByHeader.set(JSON.stringify(header), [...files, bucket.url(escapeGlob(key))]);
      }),
    );
  const names = Object.keys(columns).map(identifier).join(', ');
  const parts = [...filesByHeader].map(([header, files]) => {
    const typed = (JSON.parse(header) as string[]).map((name, position): [string, string] =>
      Object.hasOwn(columns, name)
        ? [name, columns[name] ?? 'VARCHAR']
        : [`undeclared ${position}`, 'VARCHAR'],
    );
    return `SELECT ${names} FROM read_csv(${literals(files)}, auto_detect = false, header = true,
      delim = ',', quote = '"', escape = '"', columns = ${typedSql(typed)})`;
  });
  return `(${parts.join(' UNION ALL ')})`;
}

async function parquetSql(engine: Engine, files: string[], columns: Columns): Promise<string> {
  for (const file of files) {
    const found = await engine.rows<{ column_name: string }>(
      `DESCRIBE SELECT * FROM read_parquet(${literal(file)})`,
    );
    requireColumns(
      columns,
      found.map((column) => column.column_name),
      file,
    );
  }
  return `(SELECT * FROM read_parquet(${literals(files)}, union_by_name = true))`;
}

function requireColumns(columns: Columns, found: string[], file: string): void {
  for (const name of Object.keys(columns)) {
    const times = found.filter((column) => column === name).length;
    if (times === 0)
      throw new SourceFailure('columnMissing', `The file ${file} has no column ${name}.`);
    if (times > 1)
      throw new SourceFailure('unparsableFile', `The file ${file} has the column ${name} twice.`);
  }
}

const typedSql = (columns: [name: string, type: string][]): string =>
  `{${columns.map(([name, type]) => `${literal(name)}: ${literal(type)}`).join(', ')}}`;

const escapeGlob = (key: string): string => key.replace(/[[*?]/g, '[$&]');
