import type { ExportColumn } from '../../domain/export/columns.ts';
import { cellSql, rowJsonSql } from '../../domain/export/values-sql.ts';
import { literal } from '../engine/sql.ts';
import type { LakeContext } from '../lake/lake-context.ts';
import { rowsKey } from '../lake/lake-table.ts';

/** What one request has in the file that `gatherTable` wrote of a table. */
interface Gathered {
  /** An opaque id, which may stand in SQL. */
  requestId: string;
  prefix: string;
  columns: ExportColumn[];
}

const column = (at: number) => `c${at}`;

const from = ({ lake }: Pick<LakeContext, 'lake'>, { prefix, requestId }: Gathered): string =>
  `FROM read_parquet(${literal(lake.url(rowsKey(prefix)))}) WHERE request = ${literal(requestId)}`;

/** Each row as one JSON object; as they are read, some thousand at a time. */
export async function* rowsAsJson(
  context: Pick<LakeContext, 'engine' | 'lake'>,
  gathered: Gathered,
): AsyncGenerator<string[]> {
  const sql = `SELECT ${rowJsonSql(gathered.columns, column)} ${from(context, gathered)}`;
  for await (const rows of context.engine.stream<string>(sql)) yield rows.map(([row = '']) => row);
}

/** The same as the texts of their cells. */
export const rowsAsCells = (
  context: Pick<LakeContext, 'engine' | 'lake'>,
  gathered: Gathered,
): AsyncIterable<(string | null)[][]> => {
  const cells = gathered.columns.map((one, at) => cellSql(column(at), one));
  return context.engine.stream<string | null>(
    `SELECT ${cells.join(', ')} ${from(context, gathered)}`,
  );
};
