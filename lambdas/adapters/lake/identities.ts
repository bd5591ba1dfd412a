import { valueSql } from '../../domain/column-path.ts';
import type { IdentityColumn } from '../../domain/identity.ts';
import { normalise } from '../../domain/normalise.ts';
import { normaliseSql, plainPhoneSql } from '../../domain/normalise-sql.ts';
import { literal } from '../engine/sql.ts';
import type { LakeContext } from './lake-context.ts';
import { heldRowsSql, type LakeTable, normalisedKey } from './lake-table.ts';
import type { RawIdentity } from './subject-index.ts';

/** Columns of types of which SQL normalises plain values only. */
export const columnsForTypescript = (
  { identityTypes }: Pick<LakeContext, 'identityTypes'>,
  identities: IdentityColumn[],
): IdentityColumn[] =>
  identities.filter(({ type }) => {
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
    const plain = plainPhoneSql('raw', identityTypes[type]?.defaultCountry);
    return `SELECT ${literal(type)} AS type, raw FROM (SELECT ${valueSql(column)} AS raw FROM (${relation}))
      WHERE raw IS NOT NULL AND ${plain} IS NULL`;
  });
  const left =
    raws.length > 0
      ? engine.each<RawIdentity>(`SELECT DISTINCT type, raw FROM (${raws.join(' UNION ALL ')})`)
      : [];
  await engine.fill(table, ['type', 'raw', 'value'], normalisedOf(left, identityTypes));
}

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
  const selects = table.identities.map(({ type, column }) => {
    const { normalForm = 'text', defaultCountry } = identityTypes[type] ?? {};
    const raws = `SELECT _row, ${valueSql(column)} AS raw FROM (${heldRowsSql(lake, table)})`;
    const inSql = normaliseSql(normalForm, 'raw');
    const values =
      inSql === undefined
        ? `SELECT _row, coalesce(${plainPhoneSql('held.raw', defaultCountry)}, normal.value) AS value
           FROM (${raws}) AS held LEFT JOIN ${normalised} AS normal
           ON normal.type = ${literal(type)} AND normal.raw = held.raw`
        : `SELECT _row, ${inSql} AS value FROM (${raws})`;
    return `SELECT ${literal(table.name)} AS source, _row, ${literal(type)} AS type, value
      FROM (${values}) WHERE value IS NOT NULL`;
  });
  return selects.length > 0 ? selects.join('\nUNION ALL\n') : NO_IDENTITIES;
}

export const NO_IDENTITIES =
  "SELECT '' AS source, 0::BIGINT AS _row, '' AS type, '' AS value WHERE false";
