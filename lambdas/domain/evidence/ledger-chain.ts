import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Opaque ids, counts and reason codes; never anything that points at a person. */
export type Facts = Record<string, string | number | boolean | string[] | undefined>;

/** One entry of one chain. Its hash covers all else in it, and the hash of the entry before it. */
export interface ChainedEntry {
  /** `request/<id>`, `cycle/<id>`, `clean-up/<id>` or `platform`. */
  chain: string;
  /** 1 for the first of the chain, without gaps. */
  seq: number;
  /** ISO 8601, UTC. */
  at: string;
  /** What happened, in the past tense: `requestReceived`, `sourceRefreshed`. */
  event: string;
  /** A function's step, or the directory id of the person who decided. */
  by: string;
  facts?: Facts;
  /** SHA-256, hexadecimal; see `hashOfEntry`. */
  hash: string;
}

/** What stands before the first entry of every chain. */
export const NOTHING_BEFORE = '0'.repeat(64);

/**
 * `SHA-256(h_{n-1} ‖ canonical JSON)`: the bytes of the previous hash, then the entry without its
 * own, as RFC 8785 writes it in UTF-8.
 * @param previous hexadecimal; `NOTHING_BEFORE` for the first entry
 */
export const hashOfEntry = (previous: string, entry: Omit<ChainedEntry, 'hash'>): string =>
  createHash('sha256')
    .update(Buffer.from(previous, 'hex'))
    .update(canonicalJson(entry), 'utf8')
    .digest('hex');

/** JSON as RFC 8785 writes it; what is `undefined` is left out. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('There is no JSON of what is undefined.');
  return text;
}
