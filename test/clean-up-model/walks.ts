import { expect } from '@jest/globals';
import fc from 'fast-check';
import { walk } from './explore.ts';
import { aWorld, type World } from './world.ts';

/** So many orders, drawn by chance, of two cycles, two stops, and three runs that crash twice. */
export function keepsPromisesIn(orders: number): void {
  let walks = 0;
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (shares, draws) => {
        walks += 1;
        const large: World = { ...aWorld({ shares }), toCome: 4, stops: 2 };
        large.cleaner.crashes = 2;
        large.cleaner.runs = 3;
        return walk(large, () => draws.next().value ?? 0) === undefined;
      },
    ),
    { numRuns: orders },
  );
  expect(walks).toBe(orders);
}
