import { EngineError } from '../engine/engine-error.ts';
import type { LakeContext } from './lake-context.ts';
import { rowsKey } from './lake-table.ts';

/** What was read of a table that was perhaps never finished, or is deleted. */
export type Remains<T> = { outcome: 'read'; found: T } | { outcome: 'absent' | 'unreadable' };

// No whole Parquet file, or not the columns that were declared. All else (S3, memory) is a fault.
const ABOUT_THE_FILE = new Set(['Binder', 'Conversion', 'Invalid Input', 'Serialization']);

/** Reads a table that no reader sees any more: one that is half written must hold up nobody. */
export async function readRemains<T>(
  { lake }: Pick<LakeContext, 'lake'>,
  prefix: string,
  read: () => Promise<T>,
): Promise<Remains<T>> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { outcome: 'read', found: await read() };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if ((await lake.list(rowsKey(prefix))).length === 0) return { outcome: 'absent' };
      // Not there when it was read, and there now: it was written in between.
      if (wasNotThere(error) && tries < TRIES) continue;
      if (!ABOUT_THE_FILE.has(error.kind)) throw error;
      return { outcome: 'unreadable' };
    }
  }
}

const TRIES = 3;
const wasNotThere = ({ kind, said }: EngineError): boolean =>
  kind === 'HTTP' && /\b404\b/.test(said);
