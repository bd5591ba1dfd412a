import type { IdentityType } from '../../domain/identity.ts';
import { platformDefinition } from '../configuration.ts';
import { type Engine, openEngine } from '../engine.ts';
import { lakeStorage, type Storage } from './lake-storage.ts';

/** What every reading and writing of the lake needs. */
export interface LakeContext {
  engine: Engine;
  lake: Storage;
  identityTypes: Record<string, IdentityType>;
}

/** How an engine is to be opened. */
type Opening = Parameters<typeof openEngine>[0];

/** The lake of this stack, opened once an invocation: its engine carries the credentials of now. */
const openLake = async (opening?: Opening): Promise<LakeContext> => ({
  engine: await openEngine(opening),
  lake: lakeStorage(),
  // Countries were checked when the platform was parsed.
  identityTypes: platformDefinition().platform.identityTypes as Record<string, IdentityType>,
});

/** Opens the lake for one piece of work, and closes its engine, whatever comes of it. */
export async function withLake<T>(
  work: (lake: LakeContext) => Promise<T>,
  opening?: Opening,
): Promise<T> {
  const lake = await openLake(opening);
  try {
    return await work(lake);
  } finally {
    lake.engine.close();
  }
}
