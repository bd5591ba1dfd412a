import { EngineError } from '../engine/engine-error.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { LakeContext } from '../lake/lake-context.ts';
import { SourceFailure } from './source-failure.ts';
import { placeOf } from './unparsable.ts';

/** The declared columns, cast to their declared types. */
export const declaredColumnsSql = (columns: Record<string, string>): string =>
  Object.entries(columns)
    .map(([name, type]) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`)
    .join(', ');

type Context = Omit<LakeContext, 'identityTypes'> & {
  source: { columns: Record<string, string> };
};

/**
 * Writes one Parquet file with exactly the declared columns; a schema without rows is a file too.
 * @param relation of which the declared columns are read
 * @returns the number of rows and bytes written
 * @throws SourceFailure for a value that does not fit its column's declared type
 */
export async function writeRows(
  { engine, lake, source }: Context,
  relation: string,
  prefix: string,
): Promise<{ rows: number; bytes: number }> {
  const key = `${prefix}rows.parquet`;
  try {
    const [copied] = await engine.rows<{ Count: bigint }>(
      `COPY (SELECT ${declaredColumnsSql(source.columns)} FROM ${relation})
       TO ${literal(lake.url(key))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return { rows: Number(copied?.Count ?? 0), bytes: await lake.sizeOf(key) };
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
  { engine, source }: Omit<Context, 'lake'>,
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
