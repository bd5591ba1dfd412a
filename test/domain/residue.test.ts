import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type InactiveCopy, residueByTable } from '../../lambdas/domain/residue.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();

const aCopy = (n: number, changes: Partial<InactiveCopy> = {}): InactiveCopy => ({
  kind: 'model',
  name: 'customers',
  id: `c-${n}`,
  rows: 2,
  inactiveSince: day(n),
  deletedBy: day(n + 31).slice(0, 10),
  ...changes,
});
const nameOf = ({ kind, name, id }: InactiveCopy) => `${kind} ${name} ${id}`;
const scanned = (...ns: number[]) => ns.map((n) => nameOf(aCopy(n)));

describe('residue by table', () => {
  it('counts the copies of a table and their rows, from the first day to the last', () => {
    const copies = [aCopy(9), aCopy(10), aCopy(8)];
    expect(residueByTable(copies, scanned(8, 9, 10))).toEqual([
      {
        kind: 'model',
        name: 'customers',
        copies: 3,
        rows: 6,
        in: ['c-8 to c-10'],
        inactiveSince: day(8),
        deletedBy: '2026-02-11',
      },
    ]);
  });

  it('names each copy, but for those between two that were scanned one after the other', () => {
    const copies = [aCopy(1), aCopy(2), aCopy(4), aCopy(6), aCopy(7)];
    const [{ in: ids } = { in: [] }] = residueByTable(copies, scanned(1, 2, 4, 5, 6, 7));
    expect(ids).toEqual(['c-1 to c-4', 'c-6 to c-7']);
    expect(residueByTable([aCopy(6)], scanned(5, 6, 7))).toMatchObject([{ in: ['c-6'] }]);
  });

  it('tells tables apart, and names what cannot be read by its prefix', () => {
    const crm = { kind: 'source', name: 'crm' } as const;
    const copies = [
      aCopy(1),
      aCopy(1, { ...crm, id: 'c-1.1' }),
      aCopy(2, { ...crm, id: 'c-2.1', rows: 0, unreadable: 'partitions/crm/c-2.1/' }),
    ];
    expect(residueByTable(copies, copies.map(nameOf))).toMatchObject([
      { kind: 'model', name: 'customers', in: ['c-1'] },
      { kind: 'source', name: 'crm', copies: 1, in: ['c-1.1'] },
      {
        kind: 'source',
        name: 'crm',
        copies: 1,
        rows: 0,
        in: ['partitions/crm/c-2.1/'],
        cannotBeRead: true,
      },
    ]);
  });

  it('fits a row for whoever stands in every second of ten thousand copies', () => {
    const every = Array.from({ length: 10_000 }, (_, n) => n);
    const copies = every.filter((n) => n % 2 === 0).map((n) => aCopy(n));
    const [table, ...others] = residueByTable(copies, scanned(...every));
    expect(others).toEqual([]);
    expect(table).toMatchObject({ copies: 5000, rows: 10_000 });
    expect(table?.in).toHaveLength(20);
    expect(table?.in.at(-1)).toBe('c-38 to c-9998');
  });

  it('leaves out no copy, and no day', () =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 60 }), { minLength: 1 }),
        fc.array(fc.nat({ max: 60 })),
        (held, more) => {
          const all = [...new Set([...held, ...more])];
          const [table] = residueByTable(
            held.map((n) => aCopy(n)),
            scanned(...all),
          );
          const runs = (table?.in ?? []).map((run) =>
            run.split(' to ').map((id) => Number(id.slice(2))),
          );
          for (const n of held) {
            expect(runs.some(([from = n, to = from]) => from <= n && n <= to)).toBe(true);
            expect((table?.inactiveSince ?? '') <= day(n)).toBe(true);
            expect((table?.deletedBy ?? '') >= day(n + 31).slice(0, 10)).toBe(true);
          }
          expect(table).toMatchObject({ copies: held.length, rows: held.length * 2 });
        },
      ),
    ));
});
