import { identifier, literal, literals } from '../engine/sql.ts';
import type { Engine } from '../engine.ts';
import { type Storage, type StoredObject, storage } from '../lake/lake-storage.ts';
import { mapLimited } from '../map-limited.ts';
import type { SourceContext } from '../source.ts';
import { csvHeader } from './csv-header.ts';
import { isGzip, requireWholeGzip } from './gzip.ts';
import { SourceFailure } from './source-failure.ts';

type Columns = Record<string, string>;

const HEADER_BYTES = 65_536;
const FILES_AT_ONCE = 16;

/**
 * A subquery over these files of the source, with the declared columns among its columns.
 * @throws SourceFailure when there is no file, or one lacks a declared column or is not whole
 */
export async function filesSql(
  { source, engine }: SourceContext<'s3'>,
  objects: StoredObject[],
): Promise<string> {
  const bucket = storage(source.bucket);
  if (objects.length === 0)
    throw new SourceFailure('tableMissing', `There is no file below ${bucket.url(source.prefix)}.`);
  const keys = keysOf(objects);
  const urls = urlsOf(source, objects);
  if (source.format === 'parquet') requireNoneEmpty(bucket, objects);
  if (keys.length === 0) return emptySql(source.columns);
  switch (source.format) {
    case 'csv':
      return csvSql(bucket, keys, source.columns);
    case 'jsonLines':
      // DuckDB unpacks these, and these only.
      await mapLimited(
        keys.filter((key) => key.endsWith('.gz')),
        FILES_AT_ONCE,
        (key) => requireWholeGzip(bucket, key),
      );
      return jsonLinesSql(urls, source.columns);
    case 'parquet':
      return parquetSql(engine, urls, source.columns);
    default:
      return source.format satisfies never;
  }
}

/** What a row of JSON has: as declared, and as JSON what nobody declared. */
export const wholeColumnsOf = (source: { columns: Columns }, names: string[]): Columns => ({
  ...Object.fromEntries([...names].sort().map((name) => [name, 'JSON'])),
  ...source.columns,
});

/** A subquery over everything that stands in these files, declared or not. */
export async function wholeFilesSql(
  { source, engine }: SourceContext<'s3'>,
  objects: StoredObject[],
): Promise<string> {
  const urls = urlsOf(source, objects);
  if (urls.length === 0) return emptySql(source.columns);
  switch (source.format) {
    case 'csv':
      return `(SELECT * FROM read_csv(${literals(urls)}, header = true, all_varchar = true,
        delim = ',', quote = '"', escape = '"', union_by_name = true))`;
    case 'jsonLines': {
      const fields = await engine.column<string>(
        `SELECT DISTINCT unnest(json_keys(json)) FROM read_ndjson_objects(${literals(urls)})`,
      );
      return jsonLinesSql(urls, wholeColumnsOf(source, fields));
    }
    case 'parquet':
      return `(SELECT * FROM read_parquet(${literals(urls)}, union_by_name = true))`;
    default:
      return source.format satisfies never;
  }
}

const keysOf = (objects: StoredObject[]): string[] =>
  objects.filter(({ bytes }) => bytes > 0).map(({ key }) => key);

/** As DuckDB reads them; nothing lies in those that are empty. */
export const urlsOf = ({ bucket }: { bucket: string }, objects: StoredObject[]): string[] =>
  keysOf(objects).map((key) => storage(bucket).url(escapeGlob(key)));

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
  const filesByShape = new Map<string, string[]>();
  await mapLimited(keys, FILES_AT_ONCE, async (key) => {
    const start = await bucket.head(key, HEADER_BYTES);
    const packed = isGzip(start);
    if (packed) await requireWholeGzip(bucket, key);
    const header = csvHeader(start);
    requireColumns(columns, header, bucket.url(key));
    const shape = JSON.stringify({ header, packed });
    filesByShape.set(shape, [...(filesByShape.get(shape) ?? []), bucket.url(escapeGlob(key))]);
  });
  const names = Object.keys(columns).map(identifier).join(', ');
  const parts = [...filesByShape].map(([shape, files]) => {
    const { header, packed } = JSON.parse(shape) as { header: string[]; packed: boolean };
    const typed = header.map((name, position): [string, string] =>
      Object.hasOwn(columns, name)
        ? [name, columns[name] ?? 'VARCHAR']
        : [`undeclared ${position}`, 'VARCHAR'],
    );
    return `SELECT ${names} FROM read_csv(${literals(files)}, auto_detect = false, header = true,
      compression = ${literal(packed ? 'gzip' : 'none')},
      delim = ',', quote = '"', escape = '"', columns = ${typedSql(typed)})`;
  });
  return `(${parts.join(' UNION ALL ')})`;
}

/** A Parquet file without any row has a footer still; what others leave beside files, `_` or `.` begins. */
function requireNoneEmpty(bucket: Storage, objects: StoredObject[]): void {
  const empty = objects.find(({ key, bytes }) => bytes === 0 && !/(^|\/)[_.][^/]*$/.test(key));
  if (empty)
    throw new SourceFailure(
      'unparsableFile',
      `The file ${bucket.url(empty.key)} is empty, which no Parquet file is.`,
    );
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
