import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compactCopies,
  copyNames,
  copyOfScan,
  prefixesOf,
  prefixOf,
} from '../../lambdas/domain/completion.ts';

describe('the copies that a certificate names', () => {
  const id = fc.tuple(fc.nat(99), fc.nat(3)).map(([n, attempt]) => `c-${n}.${attempt}`);
  const copy = fc.oneof(
    fc
      .tuple(fc.constantFrom('crm', 'web_events'), id)
      .map(([name, one]) => `source ${name} ${one}`),
    fc.nat(99).map((n) => `snapshot c-${n}`),
  );

  it('are all there again, each once', () => {
    fc.assert(
      fc.property(fc.array(copy), (copies) => {
        const compact = compactCopies(copies);
        expect(compact === 'all' ? [] : copyNames(compact).sort()).toEqual(
          [...new Set(copies)].sort(),
        );
      }),
    );
  });

  it('are all that was inactive, where their names are too many for a row', () => {
    const many = Array.from({ length: 100 }, (_, n) => `snapshot c-${n}`);
    expect(compactCopies(many, 200)).toBe('all');
    expect(compactCopies(many)).not.toBe('all');
  });

  it('fit a row, however many', () => {
    for (const length of [1, 4_000, 8_000, 100_000]) {
      const many = Array.from({ length }, (_, n) => `source ${'s'.repeat(40)} c-${n}.1`);
      const kept = JSON.stringify(prefixesOf(compactCopies(many))).length;
      // Plain, and in base64 within its signature; the certificate's ids are in another row.
      expect(kept + (kept * 4) / 3).toBeLessThan(390_000);
    }
  });

  it('lie where a completion says', () => {
    expect(prefixesOf(compactCopies(['snapshot c-1', 'source crm c-1.1']))).toEqual([
      'partitions/crm/c-1.1/',
      'snapshots/c-1/',
    ]);
    expect(prefixesOf('all')).toEqual(['partitions/', 'snapshots/']);
  });

  it.each([
    ['source crm c-1.1', 'source crm c-1.1', 'partitions/crm/c-1.1/'],
    ['model customers c-2', 'snapshot c-2', 'snapshots/c-2/'],
    ['segment vip c-2', 'snapshot c-2', 'snapshots/c-2/'],
  ])('are deleted as one with what they lie in: %s', (scanned, deleted, prefix) => {
    expect(copyOfScan(scanned)).toBe(deleted);
    expect(prefixOf(deleted)).toBe(prefix);
  });
});
