import { platformDefinition } from '../adapters/configuration.ts';
import type { DeepSearch } from '../adapters/lake/find-undeclared.ts';
import type { LakeContext } from '../adapters/lake/lake-context.ts';
import { type LakeTable, rowsSql } from '../adapters/lake/lake-table.ts';
import type { TableRows } from '../domain/cycle-result.ts';
import { idNames, unsearchedColumns } from '../domain/undeclared.ts';

/** Everything in a table but what its own declaration covers, and what platform.yaml excepts. */
export const deepSearchOf = (
  { lake }: Pick<LakeContext, 'lake'>,
  table: LakeTable,
): DeepSearch => ({
  relation: `(${rowsSql(lake, table)})`,
  identities: table.identities,
  ...deepRulesOf(table.kind === 'partition' ? 'source' : table.kind, table.name),
});

export function deepRulesOf(
  kind: TableRows['kind'],
  name: string,
): Pick<DeepSearch, 'notPersonal' | 'isNamedFor'> {
  const { platform } = platformDefinition();
  return {
    notPersonal: unsearchedColumns(platform)
      .filter((exception) => exception.kind === kind && exception.name === name)
      .map(({ column }) => column),
    isNamedFor: idNames(platform),
  };
}
