import type { ChainHead } from './documents.ts';
import { type ChainedEntry, hashOfEntry, NOTHING_BEFORE } from './ledger-chain.ts';

/** What is wrong with a chain, and where. */
export interface ChainProblem {
  chain: string;
  /** The entry that is wrong, or the first that is missing. */
  seq: number;
  kind: 'changed' | 'missing' | 'reordered' | 'inserted' | 'forked';
  words: string;
}

/** An entry; `previous`, where it was kept, is the hash of the entry that it was written after. */
export type CheckedEntry = ChainedEntry & { previous?: string };

/**
 * Everything that is wrong with one chain; of an untouched one, nothing.
 * @param entries as they lie in the ledger: the first one first
 * @param heads what was signed over this chain. Without them, nobody can tell that its end was cut off,
 * or that somebody wrote the whole chain anew.
 */
export function checkChain(entries: CheckedEntry[], heads: ChainHead[] = []): ChainProblem[] {
  const chain = heads[0]?.chain ?? entries[0]?.chain ?? '';
  const problems: ChainProblem[] = [];
  const tell = (seq: number, kind: ChainProblem['kind'], words: string) => {
    const isKnown = problems.some((known) => known.seq === seq && known.kind === kind);
    if (!isKnown) problems.push({ chain, seq, kind, words });
  };
  const bySeq = inTheirPlaces(chain, entries, tell);
  for (const { seq, hash } of heads) {
    const entry = bySeq.get(seq);
    if (entry && entry.hash !== hash)
      tell(seq, 'changed', `Entry ${seq} is not the one that was signed.`);
  }
  const places = [...new Set([...bySeq.keys(), ...heads.map(({ seq }) => seq)])].sort(
    (a, b) => a - b,
  );
  let before = 0;
  for (const seq of places) {
    const entry = bySeq.get(seq);
    const isGap = entry ? seq > before + 1 : seq > before;
    if (isGap) {
      const last = entry ? seq - 1 : seq;
      const which =
        last === before + 1 ? `Entry ${last} is` : `Entries ${before + 1} to ${last} are`;
      tell(before + 1, 'missing', `${which} missing.`);
    }
    before = seq;
    if (entry) checkHash(entry, bySeq.get(seq - 1), tell);
  }
  return problems.sort((a, b) => a.seq - b.seq);
}

type Tell = (seq: number, kind: ChainProblem['kind'], words: string) => void;

/** The entries by their place, each place once. */
function inTheirPlaces(
  chain: string,
  entries: CheckedEntry[],
  tell: Tell,
): Map<number, CheckedEntry> {
  const bySeq = new Map<number, CheckedEntry>();
  let last = 0;
  for (const entry of entries) {
    const { seq } = entry;
    if (entry.chain !== chain) {
      tell(seq, 'inserted', `Entry ${seq} belongs to the chain ${entry.chain}.`);
    } else if (!Number.isSafeInteger(seq) || seq < 1) {
      tell(seq, 'inserted', `${seq} is no place in a chain.`);
    } else if (bySeq.has(seq)) {
      tell(seq, 'forked', `There are two entries ${seq}.`);
    } else {
      if (seq < last) tell(seq, 'reordered', `Entry ${seq} stands after entry ${last}.`);
      bySeq.set(seq, entry);
      last = Math.max(last, seq);
    }
  }
  return bySeq;
}

function checkHash(entry: CheckedEntry, before: CheckedEntry | undefined, tell: Tell): void {
  const { seq, hash, previous } = entry;
  const fits = (other: string) => hash === hashAfter(other, entry);
  if (seq === 1) {
    if (!fits(NOTHING_BEFORE)) tell(1, 'changed', 'Entry 1 is not what its hash says.');
  } else if (before && fits(before.hash)) {
    return;
  } else if (previous !== undefined && fits(previous)) {
    // Itself it is whole, so the other is not the one that it was written after.
    if (before)
      tell(seq - 1, 'changed', `Entry ${seq - 1} was replaced: entry ${seq} follows another.`);
  } else if (before || previous !== undefined) {
    tell(
      seq,
      'changed',
      `Entry ${seq} is not what its hash says, or follows another entry ${seq - 1}.`,
    );
  }
}

function hashAfter(before: string, { previous, hash, ...entry }: CheckedEntry): string | undefined {
  // What somebody put there may be no hash at all.
  return /^[0-9a-f]{64}$/.test(before) ? hashOfEntry(before, entry) : undefined;
}
