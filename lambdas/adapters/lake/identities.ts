import { valueSql } from '../../domain/column-path.ts';
import { type IdentityColumn, identityKey } from '../../domain/identity.ts';
import { normalise } from '../../domain/normalise.ts';
import { normaliseSql } from '../../domain/normalise-sql.ts';
import { literal } from '../engine/sql.ts';
import type { LakeContext } from './lake-context.ts';
import { heldRowsSql, type LakeTable, normalisedKey } from './lake-table.ts';

/** Columns of types that SQL cannot normalise. */
export const columnsForTypescript = (
  { identityTypes }: Pick<LakeContext, 'identityTypes'>,
  identities: IdentityColumn[],
): IdentityColumn[] =>
  identities.filter(({ type }) => {
    const form = identityTypes[type]?.normalForm;
    return form !== undefined && normaliseSql(form, 'raw') === undefined;
  });

/** Fills a temporary table `(type, raw, value)` with every raw value of these columns that means something. */
export async function fillNormalised(
  { engine, identityTypes }: Pick<LakeContext, 'engine' | 'identityTypes'>,
  { table, relation, columns }: { table: string; relation: string; columns: IdentityColumn[] },
): Promise<void> {
  const rows = new Map<string, [type: string, raw: string, value: string]>();
  for (const { type, column } of columns) {
    const identityType = identityTypes[type];
    if (!identityType) continue;
    const raws = await engine.column<string>(
      `SELECT DISTINCT raw FROM (SELECT ${valueSql(column)} AS raw FROM (${relation})) WHERE raw IS NOT NULL`,
    );
    for (const raw of raws) {
      const value = normalise(raw, identityType);
      if (value !== undefined) rows.set(identityKey({ type, value: raw }), [type, raw, value]);
    }
  }
  await engine.fill(table, ['type', 'raw', 'value'], rows.values());
}

/** Every identity of every row of a partition: `(source, _row, type, value)`. */
export const partitionIdentitiesSql = (context: LakeContext, table: LakeTable): string =>
  identitiesSql(
    context,
    table,
    `read_parquet(${literal(context.lake.url(normalisedKey(table.prefix)))})`,
  );

/** @param normalised a relation `(type, raw, value)` of the types that SQL cannot normalise */
export function identitiesSql(
  { lake, identityTypes }: LakeContext,
  table: LakeTable,
  normalised: string,
): string {
  const selects = table.identities.map(({ type, column }) => {
    const form = identityTypes[type]?.normalForm ?? 'text';
    const raws = `SELECT _row, ${valueSql(column)} AS raw FROM (${heldRowsSql(lake, table)})`;
    const inSql = normaliseSql(form, 'raw');
    const named = `${literal(table.name)} AS source, _row, ${literal(type)} AS type`;
    return inSql === undefined
      ? `SELECT ${named}, value FROM (${raws}) AS held JOIN ${normalised} AS normal
           ON normal.type = ${literal(type)} AND normal.raw = held.raw`
      : `SELECT ${named}, value FROM (SELECT _row, ${inSql} AS value FROM (${raws}))
         WHERE value IS NOT NULL`;
  });
  return selects.length > 0 ? selects.join('\nUNION ALL\n') : NO_IDENTITIES;
}

export const NO_IDENTITIES =
  "SELECT '' AS source, 0::BIGINT AS _row, '' AS type, '' AS value WHERE false";
