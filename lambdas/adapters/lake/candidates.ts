import { columnSql, parseColumnPath, valueSql } from '../../domain/column-path.ts';
import { type IdentityColumn, type IdentityType, wholeColumns } from '../../domain/identity.ts';
import { coarseKeySql, normaliseSql } from '../../domain/normalise-sql.ts';
import { barePhoneSql, homePhoneSql } from '../../domain/plain-phone.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { LakeContext } from './lake-context.ts';
import { FILE_OF_ROW_SQL } from './lake-table.ts';
import {
  type Candidate,
  identitiesOf,
  type RawIdentity,
  type SubjectIndex,
} from './subject-index.ts';

export interface Searched {
  /** A table, view or subquery with a column `_row` that tells its rows apart. */
  relation: string;
  identities: IdentityColumn[];
  /** A row whose columns of these names are all empty holds nobody: it was anonymised in place. */
  clearedColumns?: string[] | undefined;
}

type Context = Pick<LakeContext, 'engine' | 'identityTypes'>;

/** The rows that hold a candidate for any of the subjects, in one pass over the identity columns. */
export async function findCandidates(
  { engine, identityTypes }: Context,
  searched: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> {
  const search = searchSql(identityTypes, searched, index);
  if (!search) return [];
  await engine.fill('wanted', ['type', 'key', 'value'], index.wanted);
  const candidates = await engine.rows<Candidate>(
    `SELECT file, found, count(*)::INTEGER AS rows FROM (
       SELECT ${FILE_OF_ROW_SQL} AS file, list(DISTINCT {'type': type, 'raw': raw}) AS found
       FROM (${search}) GROUP BY _row
     ) GROUP BY file, found`,
  );
  await engine.run('DROP TABLE wanted');
  return candidates;
}

/** The rows that hold any of the subjects, each with every identity that stands in it. */
export async function findWholeRows(
  context: Context,
  searched: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> {
  const rows = meantRowsSql('any_value(told) AS found');
  const searches = wholeRowSearches(context, searched, index);
  const candidates: Candidate[] = [];
  for await (const candidate of ofMeant<Candidate>(
    context,
    { searches, index },
    `SELECT found, count(*)::INTEGER AS rows FROM (${rows}) GROUP BY found`,
  ))
    candidates.push(candidate);
  return candidates;
}

/** The same rows one by one, with the number of each. */
export const eachWholeRow = (
  context: Context,
  searched: Searched,
  index: SubjectIndex,
): AsyncGenerator<WholeRow> =>
  ofMeant(
    context,
    { searches: wholeRowSearches(context, searched, index), index },
    meantRowsSql('_row AS row, any_value(told) AS found'),
  );

export interface WholeRow {
  row: bigint;
  found: RawIdentity[];
}

const wholeRowSearches = (
  { identityTypes }: Context,
  searched: Searched,
  index: SubjectIndex,
): string[] => {
  const search = searchSql(identityTypes, searched, index, wholeColumns(searched.identities));
  return search ? [search] : [];
};

const meantRowsSql = (what: string): string =>
  `SELECT ${what} FROM found JOIN meant USING (type, raw) GROUP BY _row`;

/**
 * Keeps what was found, so that no file is read twice, decides which raw values mean a subject, and
 * asks of `found` and `meant (type, raw, value)`: however many rows there are, they stay in SQL.
 * @param searches which find `type`, `raw`, and whatever is asked beside them
 */
export async function* ofMeant<Row>(
  { engine, identityTypes }: Context,
  { searches, index }: { searches: string[]; index: SubjectIndex },
  sql: string,
): AsyncGenerator<Row> {
  if (searches.length === 0) return;
  await engine.fill('wanted', ['type', 'key', 'value'], index.wanted);
  await engine.run(`CREATE OR REPLACE TEMP TABLE found AS ${searches.join(' UNION ALL ')}`);
  const raws = await engine.rows<RawIdentity>('SELECT DISTINCT type, raw FROM found');
  const meant = raws
    .filter((raw) => index.requestsOf(raw).length > 0)
    .flatMap((raw) =>
      identitiesOf([raw], identityTypes).map(({ type, value }) => [type, raw.raw, value]),
    );
  await engine.fill('meant', ['type', 'raw', 'value'], meant);
  if (meant.length > 0) yield* engine.each<Row>(sql);
  await engine.run('DROP TABLE wanted; DROP TABLE found; DROP TABLE meant');
}

/**
 * Raw values `(_row, type, raw, told)` whose coarse key stands in the table `wanted (type, key,
 * value)`. One scan looks at all columns of single values, and one at each column of lists.
 * `undefined`: no column is of a type that is wanted.
 * @param told columns of which every identity of the row is told, as a sorted list of `{type, raw}`
 */
export function searchSql(
  identityTypes: LakeContext['identityTypes'],
  { relation, identities, clearedColumns }: Searched,
  index: SubjectIndex,
  told: IdentityColumn[] = [],
): string | undefined {
  const wanted = new Set(index.wanted.map(([type]) => type));
  const columns = wholeColumns(identities).flatMap(({ type, column }) => {
    const identityType = identityTypes[type];
    return identityType && wanted.has(type) ? [{ ...identityType, type, column }] : [];
  });
  const single = columns.filter((column) => !isList(column));
  const scans = [
    ...(single.length > 0 ? [single] : []),
    ...columns.filter(isList).map((one) => [one]),
  ];
  const from = `${relation}${notCleared(clearedColumns)}`;
  return scans.length > 0
    ? scans.map((scan) => scanSql(scan, told, from)).join(' UNION ALL ')
    : undefined;
}

const isList = ({ column }: IdentityColumn): boolean =>
  parseColumnPath(column)?.perElement !== undefined;

type SearchedColumn = IdentityColumn & Pick<IdentityType, 'normalForm' | 'defaultCountry'>;

function scanSql(columns: SearchedColumn[], told: IdentityColumn[], from: string): string {
  const raws = columns.map(({ column }, at) => `${valueSql(column)} AS raw${at}`);
  const besides = told.map(
    (one, at) => `${isList(one) ? columnSql(one.column) : valueSql(one.column)} AS beside${at}`,
  );
  const tests = columns.map(
    ({ type, normalForm }, at) =>
      `${coarseKeySql(normalForm, `raw${at}`, 'duckdb')} IN (${wantedSql('key', type)}) AS is${at}`,
  );
  const found = columns.map(
    (column, at) =>
      `CASE WHEN is${at} AND ${mayBeMeant(column, `raw${at}`)}
       THEN {'type': ${literal(column.type)}, 'raw': raw${at}} END`,
  );
  return `SELECT _row, one.type, one.raw, told FROM (
    SELECT _row, unnest([${found.join(', ')}]) AS one, ${toldSql(told)} AS told FROM (
      SELECT *, ${tests.join(', ')}
      FROM (SELECT ${['_row', ...raws, ...besides].join(', ')} FROM ${from})
    ) WHERE ${columns.map((_, at) => `is${at}`).join(' OR ')}
  ) WHERE one IS NOT NULL`;
}

function toldSql(told: IdentityColumn[]): string {
  if (told.length === 0) return 'NULL';
  const lists = told.map((one, at) => {
    const list = isList(one) ? `beside${at}` : `[beside${at}]`;
    return `list_transform(${list}, lambda raw: {'type': ${literal(one.type)}, 'raw': raw})`;
  });
  const isThere = 'lambda identity: identity.raw IS NOT NULL';
  return `list_sort(list_distinct(list_filter(list_concat(${lists.join(', ')}), ${isThere})))`;
}

const wantedSql = (what: 'key' | 'value', type: string) =>
  `SELECT ${what} FROM wanted WHERE type = ${literal(type)}`;

/**
 * The coarse key of what ends in another script than ASCII is empty, as every such value's is; of
 * these, the exact form decides. One phone in a hundred shares its last digits with one of a thousand
 * others; the exact form of phones is not for SQL, so that its home form leaves out most.
 */
function mayBeMeant({ type, normalForm, defaultCountry }: SearchedColumn, raw: string): string {
  const exact = normaliseSql(normalForm, raw);
  if (exact) return `${exact} IN (${wantedSql('value', type)})`;
  return `coalesce(${homePhoneSql(barePhoneSql(raw), defaultCountry)} IN (${wantedSql('value', type)}), true)`;
}

/** ` WHERE …` that leaves out rows with all of these columns empty; nothing where none are named. */
export const notCleared = (columns: string[] | undefined): string =>
  columns ? ` WHERE ${isHeldSql(columns)}` : '';

/** Of a row that is anonymised in place: whether any of these columns is filled. */
export const isHeldSql = (columns: string[]): string => columns.map(isFilledSql).join(' OR ');

const isFilledSql = (column: string): string =>
  `trim(coalesce(CAST(${identifier(column)} AS VARCHAR), '')) NOT IN ('', '[]', '{}')`;
