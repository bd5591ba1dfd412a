import { copyOfPartition, copyOfSnapshot } from './clean-up.ts';

/** Ids of copies by what they are copies of, `{ "source crm": "c-1.1 c-2.1", "snapshot": "c-1" }`. */
export type CopyIds = Record<string, string>;

/**
 * Every inactive copy that a certificate names as residue; `all`: everything that was inactive by
 * then, where the names are too many for a row.
 */
export type ResidueCopies = CopyIds | 'all';

/** A row of DynamoDB takes 400 kB; so many letters leave room for the rest. */
const LETTERS_A_ROW = 300_000;

/** What is deleted as one when a scanned table goes: `model customers c-1` goes with `snapshot c-1`. */
export function copyOfScan(scanned: string): string {
  const [kind, name = '', id = ''] = scanned.split(' ');
  return kind === 'source' ? copyOfPartition(name, id) : copyOfSnapshot(id);
}

export function compactCopies(copies: string[], letters = LETTERS_A_ROW): ResidueCopies {
  const compact: CopyIds = {};
  for (const copy of new Set(copies)) {
    const at = copy.lastIndexOf(' ');
    const of = copy.slice(0, at);
    const before = compact[of];
    compact[of] = before ? `${before}${copy.slice(at)}` : copy.slice(at + 1);
  }
  return JSON.stringify(compact).length > letters ? 'all' : compact;
}

export const isNone = (copies: ResidueCopies): boolean => Object.keys(copies).length === 0;

export const copyNames = (ids: CopyIds): string[] =>
  Object.entries(ids).flatMap(([of, list]) => list.split(' ').map((id) => `${of} ${id}`));

/** Where a copy's objects lie. */
export function prefixOf(copy: string): string {
  const [kind, name = '', id = ''] = copy.split(' ');
  return kind === 'source' ? `partitions/${name}/${id}/` : `snapshots/${name}/`;
}

/** Said once of a certificate: what it named as residue is gone. Signed as it is. */
export interface Completion {
  version: 1;
  platform: string;
  requestId: string;
  completedAt: string;
  /** How many inactive partitions and snapshots the certificate named. */
  copies: number | 'all that was inactive';
  /** Each was listed, every version and delete marker of it, and nothing was found. */
  prefixes: number | 'all';
  /** SHA-256 of the certificate's signature (JWS), where it is signed. */
  certificate?: string;
}
