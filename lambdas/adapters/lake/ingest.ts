import type { ExtractOutcome } from '../../domain/refresh.ts';
import { literal } from '../engine/sql.ts';
import type { SourceContext } from '../source.ts';
import { kindOf } from '../sources/kinds.ts';
import { columnsForTypescript, fillNormalised } from './identities.ts';
import { countRows, normalisedKey, rowsSql } from './lake-table.ts';

/**
 * Makes a partition: `<prefix>rows.parquet` with the source's rows, and `<prefix>normalised.parquet`
 * `(type, raw, value)` with those identities that SQL cannot normalise, perhaps none.
 * @throws when the file does not hold the rows that were written
 */
export async function ingest(context: SourceContext, prefix: string): Promise<ExtractOutcome> {
  const { engine, lake, source } = context;
  const extracted = await kindOf(source).extract(context, prefix);
  if (extracted.outcome === 'failed') return extracted;
  const found = await countRows(context, prefix);
  if (found !== extracted.rows)
    throw new Error(`${prefix} holds ${found} rows, and ${extracted.rows} were written.`);
  await fillNormalised(context, {
    table: 'normalised',
    relation: rowsSql(lake, { prefix }),
    columns: columnsForTypescript(context, source.identities),
  });
  await engine.run(
    `COPY normalised TO ${literal(lake.url(normalisedKey(prefix)))} (FORMAT parquet, COMPRESSION zstd)`,
  );
  await engine.run('DROP TABLE normalised');
  return extracted;
}
