import { columnSql, parseColumnPath, valueSql } from '../../domain/column-path.ts';
import { type IdentityColumn, type IdentityType, wholeColumns } from '../../domain/identity.ts';
import { coarseKeySql } from '../../domain/normalise-sql.ts';
import { barePhoneSql, homePhoneSql } from '../../domain/plain-phone.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { LakeContext } from './lake-context.ts';
import type { Candidate, SubjectIndex } from './subject-index.ts';

export interface Searched {
  /** A table, view or subquery with a column `_row` that tells its rows apart. */
  relation: string;
  identities: IdentityColumn[];
  /** A row whose columns of these names are all empty holds nobody: it was anonymised in place. */
  clearedColumns?: string[] | undefined;
}

type Context = Pick<LakeContext, 'engine' | 'identityTypes'>;

/** The rows that hold a candidate for any of the subjects, in one pass over the identity columns. */
export const findCandidates = (
  context: Context,
  searched: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> => {
  const search = searchSql(context.identityTypes, searched, index);
  const found = `SELECT list(DISTINCT {'type': type, 'raw': raw}) AS found FROM (${search}) GROUP BY _row`;
  return search ? countAlike(context, found, index) : Promise.resolve([]);
};

/** The same rows, each with every identity that stands in it. */
export const findWholeRows = (
  context: Context,
  searched: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> => {
  const rows = wholeRowsSql(context.identityTypes, searched, index);
  return rows ? countAlike(context, rows, index) : Promise.resolve([]);
};

async function countAlike(
  { engine }: Context,
  rowsSql: string,
  index: SubjectIndex,
): Promise<Candidate[]> {
  await engine.fill('wanted', ['type', 'key', 'value'], index.wanted);
  const candidates = await engine.rows<Candidate>(
    `SELECT found, count(*)::INTEGER AS rows FROM (${rowsSql}) GROUP BY found`,
  );
  await engine.run('DROP TABLE wanted');
  return candidates;
}

/**
 * Rows `(_row, found)` in which a coarse key stands that the table `wanted (type, key, value)`
 * holds, each with its raw identities `{type, raw}`, sorted, in one scan: of a small file, opening
 * it is the work. `undefined`: no column is of a type that is wanted.
 */
export function wholeRowsSql(
  identityTypes: LakeContext['identityTypes'],
  { relation, identities, clearedColumns }: Searched,
  index: SubjectIndex,
): string | undefined {
  const wanted = new Set(index.wanted.map(([type]) => type));
  const columns = wholeColumns(identities);
  const tests = columns.flatMap(({ type, column }, at) => {
    const identityType = identityTypes[type];
    if (!identityType || !wanted.has(type)) return [];
    const keySql = (raw: string) => coarseKeySql(identityType.normalForm, raw, 'duckdb');
    const keys = wantedSql('key', type);
    if (isList(column))
      return [
        `list_has_any(list_transform(raw${at}, lambda raw: ${keySql('raw')}), (SELECT list(key) FROM (${keys})))`,
      ];
    const may = mayBeMeant({ ...identityType, type }, `raw${at}`);
    return [`(${keySql(`raw${at}`)} IN (${keys}) AND ${may})`];
  });
  if (tests.length === 0) return undefined;
  const raws = columns.map(
    ({ column }, at) => `${isList(column) ? columnSql(column) : valueSql(column)} AS raw${at}`,
  );
  const found = columns.map(({ type, column }, at) => {
    const list = isList(column) ? `raw${at}` : `[raw${at}]`;
    return `list_transform(${list}, lambda raw: {'type': ${literal(type)}, 'raw': raw})`;
  });
  return `SELECT _row, list_sort(list_distinct(list_filter(
      list_concat(${found.join(', ')}), lambda one: one.raw IS NOT NULL))) AS found
    FROM (SELECT _row, ${raws.join(', ')} FROM ${relation}${notCleared(clearedColumns)})
    WHERE ${tests.join(' OR ')}`;
}

const isList = (column: string): boolean => parseColumnPath(column)?.perElement !== undefined;

/**
 * Raw values `(_row, type, raw)` whose coarse key stands in the table `wanted (type, key, value)`.
 * One scan looks at all columns of single values, and one at each column of lists.
 * `undefined`: no column is of a type that is wanted.
 * @param beside an expression over the row, which every value is told with
 */
export function searchSql(
  identityTypes: LakeContext['identityTypes'],
  { relation, identities, clearedColumns }: Searched,
  index: SubjectIndex,
  beside?: string,
): string | undefined {
  const wanted = new Set(index.wanted.map(([type]) => type));
  const columns = wholeColumns(identities).flatMap(({ type, column }) => {
    const identityType = identityTypes[type];
    return identityType && wanted.has(type) ? [{ ...identityType, type, column }] : [];
  });
  const single = columns.filter(({ column }) => !isList(column));
  const scans = [
    ...(single.length > 0 ? [single] : []),
    ...columns.filter(({ column }) => isList(column)).map((one) => [one]),
  ];
  const from = `${relation}${notCleared(clearedColumns)}`;
  return scans.length > 0
    ? scans.map((scan) => scanSql(scan, from, beside)).join(' UNION ALL ')
    : undefined;
}

type SearchedType = Pick<IdentityType, 'normalForm' | 'defaultCountry'> & { type: string };
type SearchedColumn = IdentityColumn & SearchedType;

function scanSql(columns: SearchedColumn[], from: string, beside?: string): string {
  const raws = columns.map(({ column }, at) => `${valueSql(column)} AS raw${at}`);
  const told = beside ? '_row, beside' : '_row';
  const tests = columns.map(
    ({ type, normalForm }, at) =>
      `${coarseKeySql(normalForm, `raw${at}`, 'duckdb')} IN (${wantedSql('key', type)}) AS is${at}`,
  );
  const found = columns.map(
    (column, at) =>
      `CASE WHEN is${at} AND ${mayBeMeant(column, `raw${at}`)}
       THEN {'type': ${literal(column.type)}, 'raw': raw${at}} END`,
  );
  return `SELECT ${told}, one.type, one.raw FROM (
    SELECT ${told}, unnest([${found.join(', ')}]) AS one FROM (
      SELECT *, ${tests.join(', ')} FROM (SELECT _row, ${beside ? `${beside} AS beside, ` : ''}${raws.join(', ')} FROM ${from})
    ) WHERE ${columns.map((_, at) => `is${at}`).join(' OR ')}
  ) WHERE one IS NOT NULL`;
}

const wantedSql = (what: 'key' | 'value', type: string) =>
  `SELECT ${what} FROM wanted WHERE type = ${literal(type)}`;

/** One phone in a hundred shares its last digits with one of a thousand others. */
function mayBeMeant({ type, normalForm, defaultCountry }: SearchedType, raw: string): string {
  if (normalForm !== 'phone') return 'true';
  return `coalesce(${homePhoneSql(barePhoneSql(raw), defaultCountry)} IN (${wantedSql('value', type)}), true)`;
}

/** ` WHERE …` that leaves out rows with all of these columns empty; nothing where none are named. */
export const notCleared = (columns: string[] | undefined): string =>
  columns ? ` WHERE ${isHeldSql(columns)}` : '';

/** Of a row that is anonymised in place: whether any of these columns is filled. */
export const isHeldSql = (columns: string[]): string => columns.map(isFilledSql).join(' OR ');

const isFilledSql = (column: string): string =>
  `trim(coalesce(CAST(${identifier(column)} AS VARCHAR), '')) NOT IN ('', '[]', '{}')`;
