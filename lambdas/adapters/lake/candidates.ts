import { parseColumnPath, valueSql } from '../../domain/column-path.ts';
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
): Promise<Candidate[]> => find(context, searched, index, (search) => search);

/** The same rows, each with every identity that stands in it. */
export const findWholeRows = (
  context: Context,
  searched: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> =>
  find(
    context,
    searched,
    index,
    (search) =>
      `SELECT _row, type, raw FROM (${everyIdentitySql(searched)})
       WHERE raw IS NOT NULL AND _row IN (SELECT _row FROM (${search}))`,
  );

/** @param valuesSql of the search, the values `(_row, type, raw)` that are told of each row */
async function find(
  { engine, identityTypes }: Context,
  searched: Searched,
  index: SubjectIndex,
  valuesSql: (search: string) => string,
): Promise<Candidate[]> {
  const search = searchSql(identityTypes, searched, index);
  if (!search) return [];
  await engine.fill('wanted', ['type', 'key', 'value'], index.wanted);
  const candidates = await engine.rows<Candidate>(
    `SELECT found, count(*)::INTEGER AS rows FROM (
       SELECT list(DISTINCT {'type': type, 'raw': raw}) AS found
       FROM (${valuesSql(search)}) GROUP BY _row
     ) GROUP BY found`,
  );
  await engine.run('DROP TABLE wanted');
  return candidates;
}

/** Every raw value `(_row, type, raw)`, NULLs too. */
export const everyIdentitySql = ({ relation, identities }: Searched): string =>
  wholeColumns(identities)
    .map(
      ({ type, column }) =>
        `SELECT _row, ${literal(type)} AS type, ${valueSql(column)} AS raw FROM ${relation}`,
    )
    .join(' UNION ALL ');

/**
 * Raw values `(_row, type, raw)` whose coarse key stands in the table `wanted (type, key, value)`.
 * One scan looks at all columns of single values, and one at each column of lists.
 * `undefined`: no column is of a type that is wanted.
 */
export function searchSql(
  identityTypes: LakeContext['identityTypes'],
  { relation, identities, clearedColumns }: Searched,
  index: SubjectIndex,
): string | undefined {
  const wanted = new Set(index.wanted.map(([type]) => type));
  const columns = wholeColumns(identities).flatMap(({ type, column }) => {
    const identityType = identityTypes[type];
    return identityType && wanted.has(type) ? [{ ...identityType, type, column }] : [];
  });
  const isList = ({ column }: IdentityColumn) => parseColumnPath(column)?.perElement !== undefined;
  const single = columns.filter((column) => !isList(column));
  const scans = [
    ...(single.length > 0 ? [single] : []),
    ...columns.filter(isList).map((one) => [one]),
  ];
  const from = `${relation}${notCleared(clearedColumns)}`;
  return scans.length > 0
    ? scans.map((scan) => scanSql(scan, from)).join(' UNION ALL ')
    : undefined;
}

type SearchedColumn = IdentityColumn & Pick<IdentityType, 'normalForm' | 'defaultCountry'>;

function scanSql(columns: SearchedColumn[], from: string): string {
  const raws = columns.map(({ column }, at) => `${valueSql(column)} AS raw${at}`);
  const tests = columns.map(
    ({ type, normalForm }, at) =>
      `${coarseKeySql(normalForm, `raw${at}`, 'duckdb')} IN (${wantedSql('key', type)}) AS is${at}`,
  );
  const found = columns.map(
    (column, at) =>
      `CASE WHEN is${at} AND ${mayBeMeant(column, `raw${at}`)}
       THEN {'type': ${literal(column.type)}, 'raw': raw${at}} END`,
  );
  return `SELECT _row, one.type, one.raw FROM (
    SELECT _row, unnest([${found.join(', ')}]) AS one FROM (
      SELECT *, ${tests.join(', ')} FROM (SELECT _row, ${raws.join(', ')} FROM ${from})
    ) WHERE ${columns.map((_, at) => `is${at}`).join(' OR ')}
  ) WHERE one IS NOT NULL`;
}

const wantedSql = (what: 'key' | 'value', type: string) =>
  `SELECT ${what} FROM wanted WHERE type = ${literal(type)}`;

/** One phone in a hundred shares its last digits with one of a thousand others. */
function mayBeMeant({ type, normalForm, defaultCountry }: SearchedColumn, raw: string): string {
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
