import { valueSql } from '../../domain/column-path.ts';
import type { IdentityColumn } from '../../domain/identity.ts';
import { coarseKeySql } from '../../domain/normalise-sql.ts';
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

/** The rows that hold a candidate for any of the subjects, in one pass over the identity columns. */
export async function findCandidates(
  { engine, identityTypes }: Pick<LakeContext, 'engine' | 'identityTypes'>,
  searched: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> {
  const search = searchSql(identityTypes, searched, index);
  if (!search) return [];
  await engine.fill('wanted', ['type', 'key'], index.keys);
  const candidates = await engine.rows<Candidate>(
    `SELECT found, count(*)::INTEGER AS rows FROM (
       SELECT list(DISTINCT {'type': type, 'raw': raw}) AS found FROM (${search}) GROUP BY _row
     ) GROUP BY found`,
  );
  await engine.run('DROP TABLE wanted');
  return candidates;
}

/**
 * Raw values `(_row, type, raw)` whose coarse key stands in the table `wanted (type, key)`.
 * `undefined`: no column is of a type that is wanted.
 */
export function searchSql(
  identityTypes: LakeContext['identityTypes'],
  { relation, identities, clearedColumns }: Searched,
  index: SubjectIndex,
): string | undefined {
  const wanted = new Set(index.keys.map(([type]) => type));
  const searches = identities.flatMap(({ type, column }) => {
    const form = identityTypes[type]?.normalForm;
    if (!form || !wanted.has(type)) return [];
    const rows = `SELECT _row, ${valueSql(column)} AS raw FROM ${relation}${notCleared(clearedColumns)}`;
    return [
      `SELECT _row, ${literal(type)} AS type, raw FROM (${rows}) WHERE ` +
        `${coarseKeySql(form, 'raw', 'duckdb')} IN (SELECT key FROM wanted WHERE type = ${literal(type)})`,
    ];
  });
  return searches.length > 0 ? searches.join(' UNION ALL ') : undefined;
}

/** ` WHERE …` that leaves out rows with all of these columns empty; nothing where none are named. */
export const notCleared = (columns: string[] | undefined): string =>
  columns ? ` WHERE ${columns.map(isFilledSql).join(' OR ')}` : '';

const isFilledSql = (column: string): string =>
  `trim(coalesce(CAST(${identifier(column)} AS VARCHAR), '')) NOT IN ('', '[]', '{}')`;
