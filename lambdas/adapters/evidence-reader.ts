import { signedAtOf } from '../domain/evidence/bundle.ts';
import type { StoredHead } from '../domain/evidence/documents.ts';
import { configuration } from './configuration.ts';
import { storage } from './lake/lake-storage.ts';
import { mapLimited } from './map-limited.ts';
import type { PublicKey } from './signing.ts';

const evidence = () => storage(configuration().evidenceBucket);
const AT_ONCE = 20;

/** The heads that were signed at that time or later, the first one first. */
export async function* headsSince(at: string): AsyncGenerator<StoredHead> {
  const keys = (await evidence().list('heads/')).map(({ key }) => key).sort();
  for (let next = await firstSince(keys, at); next < keys.length; next += AT_ONCE)
    yield* await mapLimited(keys.slice(next, next + AT_ONCE), AT_ONCE, (key) =>
      read<StoredHead>(key),
    );
}

/** Where among the heads, by halving: there can be years of them. */
async function firstSince(keys: string[], at: string): Promise<number> {
  let [from, to] = [0, keys.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const head = await read<StoredHead>(keys[middle] ?? '');
    if (signedAtOf(head) < at) from = middle + 1;
    else to = middle;
  }
  return from;
}

export const publicKeyOf = (kid: string): Promise<PublicKey> => read<PublicKey>(`keys/${kid}.json`);

async function read<T>(key: string): Promise<T> {
  const stored = await evidence().getJson(key);
  if (stored === undefined) throw new Error(`The evidence bucket has no ${key}.`);
  return stored as T;
}
