import { platformDefinition } from '../adapters/configuration.ts';
import type { LakeContext } from '../adapters/lake/lake-context.ts';
import { rowsAsCells, rowsAsJson } from '../adapters/package/gathered-rows.ts';
import { describeTable, type ExportKind, isExported } from '../domain/export/contents.ts';
import { tablesOfRequest } from './gathering-tables.ts';
import type { PackableTable } from './packing.ts';

/** What was gathered of a customer, as far as it belongs into such an export. */
export async function customerTables(
  lake: LakeContext,
  gatheringId: string,
  requestId: string,
  kind: ExportKind,
): Promise<PackableTable[]> {
  const { platform } = platformDefinition();
  const gathered = await tablesOfRequest(gatheringId, requestId);
  return gathered
    .filter((table) => isExported(platform, kind, table))
    .map(({ prefix, columns, rows, leftOut, ...table }) => ({
      ...describeTable(platform, table),
      columns,
      rows,
      leftOut,
      json: () => rowsAsJson(lake, { requestId, prefix, columns }),
      cells: () => rowsAsCells(lake, { requestId, prefix, columns }),
    }));
}
