import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findCircle, levels, type ModelReads } from '../../lambdas/domain/model-graph.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'constructor', 'source'];

/** Any graph: circles, self-reads and reads of sources included. */
const anyGraph: fc.Arbitrary<ModelReads> = fc.dictionary(
  fc.constantFrom(...NAMES.slice(0, -1)),
  fc.record({ reads: fc.uniqueArray(fc.constantFrom(...NAMES)) }),
);

/** A model reads only models that come before it, and sources. */
const acyclicGraph: fc.Arbitrary<ModelReads> = fc
  .array(fc.array(fc.nat({ max: 8 })), { maxLength: 8 })
  .map((models) =>
    Object.fromEntries(
      models.map((reads, i) => [
        `m${i}`,
        { reads: reads.map((j) => (j < i ? `m${j}` : 'source')) },
      ]),
    ),
  );

describe('levels', () => {
  it('puts a model after everything that it reads, and no later than needed', () => {
    expect(
      levels({
        measures: { reads: ['customers', 'orders'] },
        customers: { reads: ['matches', 'crm'] },
        matches: { reads: ['identities'] },
        activities: { reads: ['customers', 'web'] },
      }),
    ).toEqual([['matches'], ['customers'], ['activities', 'measures']]);
  });

  it('places every model once, one level below the deepest that it reads', () => {
    fc.assert(
      fc.property(acyclicGraph, (models) => {
        const found = levels(models);
        expect(found.flat().sort()).toEqual(Object.keys(models).sort());
        const levelOf = new Map(found.flatMap((level, i) => level.map((name) => [name, i])));
        for (const [name, { reads }] of Object.entries(models))
          expect(levelOf.get(name)).toBe(
            Math.max(-1, ...reads.map((read) => levelOf.get(read) ?? -1)) + 1,
          );
      }),
    );
  });

  it('names the circle', () => {
    const circular = { a: { reads: ['b'] }, b: { reads: ['c'] }, c: { reads: ['b'] } };
    expect(() => levels(circular)).toThrow('The models b → c → b read each other in a circle.');
    expect(findCircle({ a: { reads: ['a'] } })).toEqual(['a', 'a']);
  });

  it('fails exactly where there is a circle, and the circle named is one', () => {
    fc.assert(
      fc.property(anyGraph, (models) => {
        const circle = findCircle(models);
        if (!circle) expect(levels(models).flat()).toHaveLength(Object.keys(models).length);
        else {
          expect(() => levels(models)).toThrow();
          expect(circle.at(0)).toBe(circle.at(-1));
          for (const [i, name] of circle.slice(0, -1).entries())
            expect(models[name]?.reads).toContain(circle[i + 1]);
        }
      }),
    );
  });
});
