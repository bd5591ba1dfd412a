import { valueSql } from '../../domain/column-path.ts';
import type { ExtractOutcome } from '../../domain/refresh.ts';
import { literal } from '../engine/sql.ts';
import type { SourceContext } from '../source.ts';
import { kindOf } from '../sources/kinds.ts';
import { columnsForTypescript, fillNormalised } from './identities.ts';
import { countRows, normalisedKey, rowsSql } from './lake-table.ts';

type Ingested =
  | Extract<ExtractOutcome, { outcome: 'failed' }>
  | (Extract<ExtractOutcome, { outcome: 'successful' }> & {
      /** How many values each identity column holds. */
      filled: Record<string, number>;
    });

/**
 * Makes a partition: `<prefix>rows.parquet` with the source's rows, and `<prefix>normalised.parquet`
 * `(type, raw, value)` with those identities that SQL cannot normalise, perhaps none.
 * @throws when the file does not hold the rows that were written
 */
export async function ingest(context: SourceContext, prefix: string): Promise<Ingested> {
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
  return { ...extracted, filled: await countValues(context, prefix) };
}

async function countValues(
  { engine, lake, source }: SourceContext,
  prefix: string,
): Promise<Record<string, number>> {
  const filled: Record<string, number> = {};
  for (const { column } of source.identities) {
    const [values = 0] = await engine.column<number>(
      `SELECT count(raw)::DOUBLE FROM (SELECT ${valueSql(column)} AS raw FROM (${rowsSql(lake, { prefix })}))`,
    );
    filled[column] = values;
  }
  return filled;
}
