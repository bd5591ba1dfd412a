import { valueSql } from '../../domain/column-path.ts';
import { type IdentityColumn, wholeColumns } from '../../domain/identity.ts';
import { normalise } from '../../domain/normalise.ts';
import { normaliseSql } from '../../domain/normalise-sql.ts';
import { barePhoneSql, plainPhoneSql } from '../../domain/plain-phone.ts';
import { literal } from '../engine/sql.ts';
import type { LakeContext } from './lake-context.ts';
import { heldRowsSql, type LakeTable, normalisedKey } from './lake-table.ts';
import type { RawIdentity } from './subject-index.ts';

/** Columns of types of which SQL normalises plain values only. */
export const columnsForTypescript = (
  { identityTypes }: Pick<LakeContext, 'identityTypes'>,
  identities: IdentityColumn[],
): IdentityColumn[] =>
  wholeColumns(identities).filter(({ type }) => {
    const form = identityTypes[type]?.normalForm;
    return form !== undefined && normaliseSql(form, 'raw') === undefined;
  });

/**
 * Fills a temporary table `(type, raw, value)` with every raw value of these columns that means
 * something and that SQL leaves to TypeScript.
 */
export async function fillNormalised(
  { engine, identityTypes }: Pick<LakeContext, 'engine' | 'identityTypes'>,
  { table, relation, columns }: { table: string; relation: string; columns: IdentityColumn[] },
): Promise<void> {
  const raws = columns.map(({ type, column }) => {
    const plain = plainPhoneSql('bare', identityTypes[type]?.defaultCountry);
    return `SELECT ${literal(type)} AS type, raw FROM (${phonesSql(column, relation)})
      WHERE raw IS NOT NULL AND ${plain} IS NULL`;
  });
  const left =
    raws.length > 0
      ? engine.each<RawIdentity>(`SELECT DISTINCT type, raw FROM (${raws.join(' UNION ALL ')})`)
      : [];
  await engine.fill(table, ['type', 'raw', 'value'], normalisedOf(left, identityTypes));
}

// UNNEST, because DuckDB would otherwise put the expression wherever its column is named.
const phonesSql = (column: string, relation: string): string =>
  `SELECT _row, raw, unnest([${barePhoneSql('raw')}]) AS bare
   FROM (SELECT _row, ${valueSql(column)} AS raw FROM (${relation}))`;

async function* normalisedOf(
  raws: Iterable<RawIdentity> | AsyncIterable<RawIdentity>,
  identityTypes: LakeContext['identityTypes'],
): AsyncGenerator<[type: string, raw: string, value: string]> {
  for await (const { type, raw } of raws) {
    const identityType = identityTypes[type];
    const value = identityType && normalise(raw, identityType);
    if (value !== undefined) yield [type, raw, value];
  }
}

/** Every identity of every row of a partition: `(source, _row, type, value)`. */
export const partitionIdentitiesSql = (context: LakeContext, table: LakeTable): string =>
  identitiesSql(
    context,
    table,
    `read_parquet(${literal(context.lake.url(normalisedKey(table.prefix)))})`,
  );

/** @param normalised a relation `(type, raw, value)` of what SQL leaves to TypeScript */
export function identitiesSql(
  { lake, identityTypes }: LakeContext,
  table: LakeTable,
  normalised: string,
): string {
  const selects = wholeColumns(table.identities).map(({ type, column }) => {
    const { normalForm = 'text', defaultCountry } = identityTypes[type] ?? {};
    const held = heldRowsSql(lake, table);
    const inSql = normaliseSql(normalForm, 'raw');
    const values =
      inSql === undefined
        ? `SELECT _row, coalesce(${plainPhoneSql('bare', defaultCountry)}, normal.value) AS value
           FROM (${phonesSql(column, held)}) AS held LEFT JOIN ${normalised} AS normal
           ON normal.type = ${literal(type)} AND normal.raw = held.raw`
        : `SELECT _row, ${inSql} AS value FROM (SELECT _row, ${valueSql(column)} AS raw FROM (${held}))`;
    return `SELECT ${literal(table.name)} AS source, _row, ${literal(type)} AS type, value
      FROM (${values}) WHERE value IS NOT NULL`;
  });
  return selects.length > 0 ? selects.join('\nUNION ALL\n') : NO_IDENTITIES;
}

export const NO_IDENTITIES =
  "SELECT '' AS source, 0::BIGINT AS _row, '' AS type, '' AS value WHERE false";
