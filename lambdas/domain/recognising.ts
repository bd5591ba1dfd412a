import { createHash, createHmac } from 'node:crypto';
import { type Identity, type IdentityType, identityKey } from './identity.ts';
import { coarseKey } from './normalise.ts';

/*
 * How somebody is recognised whom nothing else is known of. What decides is an HMAC of each unique
 * identity. Before it stands a sieve for SQL, which has to look at every value of a source: a keyed
 * hash, cut to 64 bits, of what all spellings of the value share. Both need the key.
 */

/** A key of one version: 32 bytes, opened for one invocation. */
export interface SuppressionKey {
  version: number;
  key: Uint8Array;
}

/** HMAC-SHA256 of a typed identity in its normal form; 32 bytes. */
export const recognitionOf = ({ key }: SuppressionKey, identity: Identity): Buffer =>
  createHmac('sha256', macKeyOf(key)).update(identityKey(identity)).digest();

// Of thousands of values a second.
const macKeys = new WeakMap<Uint8Array, Buffer>();
function macKeyOf(key: Uint8Array): Buffer {
  const known = macKeys.get(key) ?? derived(key, 'recognise');
  macKeys.set(key, known);
  return known;
}

const derived = (key: Uint8Array, purpose: string): Buffer =>
  createHmac('sha256', key).update(purpose).digest();

/** What a tag is made of: the coarse key, or a phone as SQL itself can normalise it. */
export type TagOf = 'coarse' | 'phone';

/** Of each type its own, so that nothing else need stand before a value: short values hash faster. */
export const saltOf = ({ key }: SuppressionKey, type: string, of: TagOf): string =>
  derived(key, `sieve ${of} ${type}`).toString('base64url').slice(0, 16);

export const TAG_DIGITS = 16;

const tag = (salt: string, text: string): string =>
  createHash('sha1').update(salt).update(text).digest('hex').slice(0, TAG_DIGITS);

/** Whatever `tagSql` can give for any spelling of this identity: hexadecimal, 64 bits each. */
export function tagsOf(
  key: SuppressionKey,
  { type, value }: Identity,
  { normalForm }: Pick<IdentityType, 'normalForm'>,
): string[] {
  const coarse = tag(saltOf(key, type, 'coarse'), coarseKey(value, normalForm));
  return normalForm === 'phone' ? [coarse, tag(saltOf(key, type, 'phone'), value)] : [coarse];
}

/** The same in DuckDB, over SQL of a salt and of what is tagged. */
export const tagSql = (salt: string, text: string): string =>
  `left(sha1(${salt} || ${text}), ${TAG_DIGITS})`;

/** What is kept of a person. */
export interface Recognition {
  /** 32 bytes of each identity. */
  macs: Uint8Array;
  /** 8 bytes each. */
  tags: Uint8Array;
}

export function recognitionsOf(
  key: SuppressionKey,
  identities: Identity[],
  types: Record<string, IdentityType>,
): Recognition {
  const known = identities.flatMap((identity) => {
    const type = types[identity.type];
    return type ? [{ identity, type }] : [];
  });
  const tags = known.flatMap(({ identity, type }) => tagsOf(key, identity, type));
  return {
    macs: Buffer.concat(known.map(({ identity }) => recognitionOf(key, identity))),
    tags: Buffer.from([...new Set(tags)].join(''), 'hex'),
  };
}

/** Hexadecimal pieces of so many bytes. */
export const piecesOf = (bytes: Uint8Array, each: number): string[] =>
  Array.from({ length: bytes.length / each }, (_, at) =>
    Buffer.from(bytes.subarray(at * each, (at + 1) * each)).toString('hex'),
  );
