import { DuckDBInstance } from '@duckdb/node-api';

/** Evaluates expressions over the column `raw`. */
export async function duckdb() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  /** The expression over each raw value, in order. */
  return async (expression: string, raws: (string | null)[]) => {
    await connection.run('CREATE OR REPLACE TABLE spellings (position INTEGER, raw VARCHAR)');
    const rows = await connection.createAppender('spellings');
    for (const [position, raw] of raws.entries()) {
      rows.appendInteger(position);
      if (raw === null) rows.appendNull();
      else rows.appendVarchar(raw);
      rows.endRow();
    }
    rows.closeSync();
    const read = await connection.runAndReadAll(
      `SELECT ${expression} FROM spellings ORDER BY position`,
    );
    return read.getRows().map(([answer]) => answer);
  };
}
