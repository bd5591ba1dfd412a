import { standingOf } from '../adapters/deleting.ts';
import { EngineError } from '../adapters/engine/engine-error.ts';
import type { LakeContext } from '../adapters/lake/lake-context.ts';
import { type Remains, readRemains } from '../adapters/lake/remains.ts';

/**
 * Reads a table of an inactive copy, which the clean-up may delete meanwhile. What is being deleted
 * is not gone: who cannot read it any more says that it cannot be read. It is gone when the catalog
 * has forgotten it, because every version was looked for before.
 */
export async function readInactive<T>(
  lake: Pick<LakeContext, 'lake'>,
  copy: string,
  prefix: string,
  read: () => Promise<T>,
): Promise<Remains<T>> {
  const seen = await remainsOrFault(lake, prefix, read);
  if ('outcome' in seen && seen.outcome === 'read') return seen;
  const standing = await standingOf(copy);
  if (standing === 'gone') return { outcome: 'absent' };
  if (standing === 'deleting') return { outcome: 'unreadable' };
  if ('fault' in seen) throw seen.fault;
  return seen;
}

async function remainsOrFault<T>(
  lake: Pick<LakeContext, 'lake'>,
  prefix: string,
  read: () => Promise<T>,
): Promise<Remains<T> | { fault: EngineError }> {
  try {
    return await readRemains(lake, prefix, read);
  } catch (error) {
    if (error instanceof EngineError) return { fault: error };
    throw error;
  }
}
