import { platformDefinition } from '../adapters/configuration.ts';
import { columnsThere } from '../adapters/lake/build-table.ts';
import { withLake } from '../adapters/lake/lake-context.ts';
import { type LakeTable, rowsSql } from '../adapters/lake/lake-table.ts';
import type { IdentityColumn } from '../domain/identity.ts';
import type { BuiltTable } from '../domain/refresh.ts';
import { tableOfBuilt } from './lake-tables.ts';

export interface FrozenSegment {
  /** By every identity column that its file has, whenever it was declared. */
  table: LakeTable;
  /** Columns that are declared now, and that its file has not. */
  lacks: string[];
}

/** A static segment as an earlier cycle made it: the declaration may have changed, the file has not. */
export async function frozenSegment(name: string, old: BuiltTable): Promise<FrozenSegment> {
  const declared = platformDefinition().platform.segments[name]?.identities ?? [];
  const keyOf = ({ type, column }: IdentityColumn) => `${type} ${column}`;
  const either = new Map([...old.identities, ...declared].map((one) => [keyOf(one), one]));
  const table = tableOfBuilt('segment', name, old);
  const identities = await withLake(({ engine, lake }) =>
    columnsThere(engine, rowsSql(lake, table), [...either.values()]),
  );
  const there = new Set(identities.map(keyOf));
  const lacking = declared.filter((one) => !there.has(keyOf(one)));
  return { table: { ...table, identities }, lacks: lacking.map(({ column }) => column) };
}
