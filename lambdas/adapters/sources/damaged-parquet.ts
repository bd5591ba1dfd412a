import { EngineError } from '../engine/engine-error.ts';
import { literal } from '../engine/sql.ts';
import type { Engine } from '../engine.ts';
import { SourceFailure } from './source-failure.ts';

/** DuckDB’s word for what its libraries could not decode; it does not say in which file. */
const isUndecodable = (error: unknown): error is EngineError =>
  error instanceof EngineError && error.kind === 'Invalid';

/**
 * Names the file, by reading each alone: only ever after a failure.
 * @throws SourceFailure for the file that cannot be decoded, or else the error itself
 */
export async function throwNamed(engine: Engine, urls: string[], error: unknown): Promise<never> {
  if (!isUndecodable(error)) throw error;
  for (const url of urls)
    await engine
      .run(`SELECT max(hash(COLUMNS(*))) FROM read_parquet(${literal(url)})`)
      .catch((cause: unknown) => {
        if (!isUndecodable(cause)) throw cause;
        throw new SourceFailure('unparsableFile', `The file ${url} is damaged.`, { cause });
      });
  throw error;
}
