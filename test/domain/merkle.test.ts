import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inclusionPath, leafHash, merkleRoot } from '../../lambdas/domain/evidence/merkle.ts';

const sha256 = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

/** How RFC 9162 (2.1.3.2) says that a proof is verified, which is not how it is made here. */
function rootFrom(leaf: string, index: number, size: number, path: string[]): string {
  let [at, last, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) throw new Error('The path is too long.');
    if (at % 2 === 1 || at === last) {
      root = sha256(`01${sibling}${root}`);
      while (at % 2 === 0 && at !== 0) [at, last] = [at >> 1, last >> 1];
    } else root = sha256(`01${root}${sibling}`);
    [at, last] = [at >> 1, last >> 1];
  }
  if (last !== 0) throw new Error('The path is too short.');
  return root;
}

describe('a Merkle tree', () => {
  // The test vectors of Certificate Transparency's own reference implementation.
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'];
  const leaves = inputs.map((hex) => sha256(`00${hex}`));

  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ])('of %i leaves has the root that others compute', (size, root) => {
    expect(merkleRoot(leaves.slice(0, size))).toBe(root);
  });

  it('hashes leaves as bytes of UTF-8', () => {
    expect(leafHash('ä')).toBe(sha256('00c3a4'));
  });

  it('proves each of its leaves, and no other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        (words, at) => {
          const hashes = words.map(leafHash);
          const index = at % hashes.length;
          const path = inclusionPath(hashes, index);
          const root = merkleRoot(hashes);
          expect(rootFrom(hashes[index] ?? '', index, hashes.length, path)).toBe(root);
          expect(
            rootFrom(leafHash('somebody else’s leaf of a tree'), index, hashes.length, path),
          ).not.toBe(root);
        },
      ),
    );
  });
});
