import { EngineError } from '../engine/engine-error.ts';
import { identifier, literal } from '../engine/sql.ts';
import { withoutSuppressed } from '../lake/suppression-filter.ts';
import type { SourceContext } from '../source.ts';
import { SourceFailure } from './source-failure.ts';
import { placeOf } from './unparsable.ts';

/** The declared columns, cast to their declared types. */
export const declaredColumnsSql = (columns: Record<string, string>): string =>
  Object.entries(columns)
    .map(([name, type]) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`)
    .join(', ');

/**
 * Writes one Parquet file with exactly the declared columns; a schema without rows is a file too.
 * Rows of suppressed people are never written, so that no version of the file holds them.
 * @param relation of which the declared columns are read
 * @returns the number of rows and bytes written
 * @throws SourceFailure for a value that does not fit its column's declared type
 */
export async function writeRows(
  context: SourceContext,
  relation: string,
  prefix: string,
): Promise<{ rows: number; bytes: number }> {
  const { engine, lake, source, recogniser } = context;
  const key = `${prefix}rows.parquet`;
  const copy = async (columns: string, from: string) => {
    const [copied] = await engine.rows<{ Count: bigint }>(
      `COPY (SELECT ${columns} FROM ${from})
       TO ${literal(lake.url(key))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return Number(copied?.Count ?? 0);
  };
  try {
    const declared = declaredColumnsSql(source.columns);
    const rows = recogniser
      ? await withoutSuppressed(
          context,
          recogniser,
          `(SELECT ${declared} FROM ${relation})`,
          ({ columns, from }) => copy(columns, from),
        )
      : await copy(declared, relation);
    return { rows, bytes: await lake.sizeOf(key) };
  } catch (error) {
    if (!(error instanceof EngineError) || !isUnfit(error)) throw error;
    const columns = await unfitColumns({ engine, source }, relation);
    const [column] = columns;
    // A line that is no object fits no column at all, which its own kind tells better.
    const isWhole = columns.length > 1 && columns.length === Object.keys(source.columns).length;
    if (!column || isWhole) throw error;
    const place = placeOf(error);
    throw new SourceFailure(
      'columnTypeChanged',
      `The column ${column} holds a value that is not ${source.columns[column]}${place ? `: ${place}` : ''}.`,
      { cause: error },
    );
  }
}

const isUnfit = ({ kind, said }: EngineError): boolean =>
  kind === 'Conversion' || kind === 'Out of Range' || said.includes('JSON transform error');

// DuckDB does not always say which column it was, so each is read alone: only ever after a failure.
async function unfitColumns(
  { engine, source }: Pick<SourceContext, 'engine' | 'source'>,
  relation: string,
): Promise<string[]> {
  const unfit: string[] = [];
  for (const [name, type] of Object.entries(source.columns)) {
    const fits = await engine
      .run(`SELECT count(CAST(${identifier(name)} AS ${type})) FROM ${relation}`)
      .then(() => true)
      .catch((error: unknown) => !(error instanceof EngineError && isUnfit(error)));
    if (!fits) unfit.push(name);
  }
  return unfit;
}
