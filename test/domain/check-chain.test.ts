import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CheckedEntry, checkChain } from '../../lambdas/domain/evidence/check-chain.ts';
import { hashOfEntry, NOTHING_BEFORE } from '../../lambdas/domain/evidence/ledger-chain.ts';

const chain = 'request/01KA';
type Unhashed = Omit<CheckedEntry, 'hash' | 'previous'>;

function aChain(length: number, change: (entry: Unhashed) => Unhashed = (entry) => entry) {
  const entries: (CheckedEntry & { previous: string })[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const previous = entries.at(-1)?.hash ?? NOTHING_BEFORE;
    const at = new Date(Date.UTC(2026, 0, seq)).toISOString();
    const facts = { rows: seq * 1.5, sources: ['crm', 'orders'], held: seq % 2 === 0 };
    const entry = change({ chain, seq, at, event: `event${seq}`, by: 'a-step', facts });
    entries.push({ ...entry, hash: hashOfEntry(previous, entry), previous });
  }
  return entries;
}

/** As they travel in a bundle. */
const bare = (entries: CheckedEntry[]): CheckedEntry[] =>
  entries.map(({ previous: _, ...entry }) => entry);
const headOf = ({ seq, hash }: CheckedEntry) => ({ chain, seq, hash });
const named = (entries: CheckedEntry[], heads?: CheckedEntry[]) =>
  checkChain(entries, heads?.map(headOf)).map(({ kind, seq }) => `${seq} ${kind}`);
const six = aChain(6);
const [, second, third, fourth, fifth, sixth] = six as [
  CheckedEntry,
  CheckedEntry,
  CheckedEntry,
  CheckedEntry,
  CheckedEntry,
  CheckedEntry,
];
const without = (...seqs: number[]) => six.filter(({ seq }) => !seqs.includes(seq));
const replaced = (entry: CheckedEntry) => six.map((old) => (old.seq === entry.seq ? entry : old));

describe('a chain that nobody touched', () => {
  it.each([0, 1, 2, 50])('of %i entries has nothing wrong', (length) => {
    const entries = aChain(length);
    expect(checkChain(entries)).toEqual([]);
    expect(checkChain(bare(entries), entries.map(headOf))).toEqual([]);
  });
});

describe('the check of a chain', () => {
  it('names an entry that was changed, in whatever field', () => {
    const anyField = fc.constantFrom('at', 'event', 'by', 'facts', 'hash', 'more');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), anyField, fc.string(), (seq, field, value) => {
        const entry = six[seq - 1] as CheckedEntry;
        const changed = { ...entry, [field]: field === 'facts' ? { value } : value };
        expect(named(replaced(changed))).toContain(`${seq} changed`);
        expect(named(bare(replaced(changed)))).not.toEqual([]);
      }),
    );
  });

  it('names an entry that was replaced together with its hash', () => {
    const { hash: _, previous = '', ...entry } = third as CheckedEntry & { previous: string };
    const event = 'somethingElse';
    const other = { ...entry, event, hash: hashOfEntry(previous, { ...entry, event }), previous };
    expect(named(replaced(other))).toEqual(['3 changed']);
    expect(named(bare(replaced(other)))).toEqual(['4 changed']);
    expect(named(bare(replaced(other)), [third])).toEqual(['3 changed', '4 changed']);
  });

  it('names those that are missing', () => {
    expect(named(without(1))).toEqual(['1 missing']);
    expect(checkChain(without(3, 4))).toEqual([
      { chain, seq: 3, kind: 'missing', words: 'Entries 3 to 4 are missing.' },
    ]);
    expect(named(bare(without(2)))).toEqual(['2 missing']);
  });

  it('names those that were cut off the end, by what was signed', () => {
    expect(named(without(5, 6))).toEqual([]);
    expect(named(without(5, 6), [second, sixth])).toEqual(['5 missing']);
    expect(named([], [second])).toEqual(['1 missing']);
  });

  it('names a gap that was closed by counting anew', () => {
    const closed = without(3).map((entry) =>
      entry.seq > 3 ? { ...entry, seq: entry.seq - 1 } : entry,
    );
    expect(named(closed)).toEqual(['3 changed', '4 changed', '5 changed']);
  });

  it('names what stands in another order', () => {
    const order = [six[0], second, fourth, third, fifth, sixth] as CheckedEntry[];
    expect(named(order)).toEqual(['3 reordered']);
  });

  it('names what was put between', () => {
    const foreign = { ...third, chain: 'request/another' };
    expect(named([...six.slice(0, 2), foreign, ...six.slice(2)])).toEqual(['3 inserted']);
    const between = { ...third, seq: 2.5 };
    expect(named([...six.slice(0, 2), between, ...six.slice(2)])).toEqual(['2.5 inserted']);
  });

  it('names a place that two entries have', () => {
    expect(named([...six, { ...sixth, event: 'another' }])).toEqual(['6 forked']);
  });

  it('names what differs from what was signed, though the whole chain was written anew', () => {
    const anew = aChain(6, (entry) => (entry.seq < 3 ? entry : { ...entry, by: 'somebody' }));
    expect(named(anew)).toEqual([]);
    expect(named(anew, [second, fourth])).toEqual(['4 changed']);
  });

  it('bears whatever lies in a row', () => {
    const odd = [
      { ...second, seq: Number.NaN },
      { ...third, hash: 'no hash', previous: 'nor this' },
      { ...fourth, seq: 1e9 },
    ];
    expect(named(odd).length).toBeGreaterThan(2);
  });
});
