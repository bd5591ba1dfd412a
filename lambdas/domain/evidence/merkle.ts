import { createHash } from 'node:crypto';

/*
 * The Merkle tree of RFC 9162 (section 2.1), over SHA-256; hashes are hexadecimal. Leaves and inner
 * nodes are hashed under different prefixes, so that no inner node passes for a leaf.
 */
const sha256 = (...parts: (Buffer | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const bytes = (hash: string) => Buffer.from(hash, 'hex');

export const leafHash = (leaf: string): string =>
  sha256(Uint8Array.of(0), Buffer.from(leaf, 'utf8'));

const nodeHash = (left: string, right: string): string =>
  sha256(Uint8Array.of(1), bytes(left), bytes(right));

/** @param leaves their hashes, in order; of none, the hash of nothing */
export function merkleRoot(leaves: string[]): string {
  if (leaves.length === 0) return sha256();
  const [first = ''] = leaves;
  if (leaves.length === 1) return first;
  const split = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

/** What one leaf needs beside itself to come to the root: its siblings, from the leaf upwards. */
export function inclusionPath(leaves: string[], index: number): string[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionPath(left, index), merkleRoot(right)]
    : [...inclusionPath(right, index - split), merkleRoot(left)];
}

/** The largest power of two that is smaller than `size`. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
