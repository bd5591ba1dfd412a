import { copyOfPartition, copyOfSnapshot } from './clean-up.ts';

/** Ids of copies by what they are copies of, `{ "source crm": "c-1.1 c-2.1", "snapshot": "c-1" }`. */
export type CopyIds = Record<string, string>;

/**
 * Every inactive copy that a certificate names as residue; `all`: everything that was inactive by
 * then, where the names are too many for a row.
 */
export type ResidueCopies = CopyIds | 'all';

/** A row of DynamoDB takes 400 kB, and holds the prefixes in base64, a third longer. */
const LETTERS_OF_PREFIXES = 250_000;

/** What is deleted as one when a scanned table goes: `model customers c-1` goes with `snapshot c-1`. */
export function copyOfScan(scanned: string): string {
  const [kind, name = '', id = ''] = scanned.split(' ');
  return kind === 'source' ? copyOfPartition(name, id) : copyOfSnapshot(id);
}

export function compactCopies(copies: string[], letters = LETTERS_OF_PREFIXES): ResidueCopies {
  const compact: CopyIds = {};
  let taken = 0;
  for (const copy of new Set(copies)) {
    taken += prefixOf(copy).length + 3;
    const at = copy.lastIndexOf(' ');
    const of = copy.slice(0, at);
    const before = compact[of];
    compact[of] = before ? `${before}${copy.slice(at)}` : copy.slice(at + 1);
  }
  return taken > letters ? 'all' : compact;
}

export const isNone = (copies: ResidueCopies): boolean => Object.keys(copies).length === 0;

export const copyNames = (ids: CopyIds): string[] =>
  Object.entries(ids).flatMap(([of, list]) => list.split(' ').map((id) => `${of} ${id}`));

/** Where a copy's objects lie. */
export function prefixOf(copy: string): string {
  const [kind, name = '', id = ''] = copy.split(' ');
  return kind === 'source' ? `partitions/${name}/${id}/` : `snapshots/${name}/`;
}

/** Said once of a certificate: what it named as residue is gone. Signed as it is; see docs/evidence.md. */
export interface Completion {
  version: 1;
  requestId: string;
  completedAt: string;
  /** SHA-256 of the certificate's JWS. */
  certificate: string;
  /**
   * Each was listed, every version and delete marker of it, and nothing was found. Of a certificate
   * that names too many: `partitions/` and `snapshots/`, where nothing is left that was inactive then.
   */
  prefixes: string[];
}

/** Where a certificate's residue lay. */
export const prefixesOf = (copies: ResidueCopies): string[] =>
  copies === 'all' ? ['partitions/', 'snapshots/'] : copyNames(copies).map(prefixOf).sort();
