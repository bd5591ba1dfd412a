import { expect, it } from '@jest/globals';
import { verifyBundle } from '../../cli/verifier.ts';
import { aStory, written } from './a-bundle.ts';

const PROVEN = {
  depth: 'declared' as const,
  ...{
    tables: 1,
    rows: 1,
    bytes: 1,
    scanned: [],
    foundUndeclared: [],
    unsearched: [],
    notWithinTexts: 0,
    found: [],
    sharedWithOthers: [],
  },
};

it('each byte of a bundle that changes by one bit is noticed', async () => {
  const { bundle } = await aStory({ verification: {}, residue: [], proof: PROVEN });
  const small = written(bundle);
  expect(verifyBundle(small).valid).toBe(true);
  const unnoticed: number[] = [];
  for (let at = 0; at < small.length; at += 1) {
    const changed = Buffer.from(small);
    changed[at] = (small[at] ?? 0) ^ 1;
    if (verifyBundle(changed).valid) unnoticed.push(at);
  }
  expect(unnoticed).toEqual([]);
});
