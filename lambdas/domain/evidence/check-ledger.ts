import { compactVerify, importJWK } from 'jose';
import { type ChainProblem, type CheckedEntry, checkChain } from './check-chain.ts';
import type { ChainHead, EvidenceBundle, SignedHead, StoredHead } from './documents.ts';
import { digestOf } from './jws.ts';
import { canonicalJson, NOTHING_BEFORE } from './ledger-chain.ts';
import { rootOf, signedHeadOf } from './signing-heads.ts';

type PublicKey = EvidenceBundle['keys'][number];

/** What is wrong with a signed head, by its number. */
export interface HeadProblem {
  n: number;
  kind: 'missing' | 'forged' | 'changed' | 'doesNotFollow';
  words: string;
}

export interface LedgerCheck {
  chains: number;
  entries: number;
  heads: number;
  /** When the last head was signed. */
  signedAt?: string;
  /** Chains with entries that no head covers yet; the next one will. */
  unsigned: string[];
  problems: (ChainProblem | HeadProblem)[];
}

/**
 * Checks the whole ledger against every head that was signed over it.
 * @param heads by the numbers under which they are kept, the first one first
 */
export async function checkLedger(
  entries: CheckedEntry[],
  heads: { n: number; stored: StoredHead }[],
  keys: PublicKey[],
): Promise<LedgerCheck> {
  const chains = chainsOf(entries);
  const headProblems = await checkHeads(heads, keys);
  const isForged = new Set(headProblems.filter(({ kind }) => kind !== 'missing').map(({ n }) => n));
  const signed = new Map<string, ChainHead[]>();
  for (const { n, stored } of heads) {
    // What a forged head says of a chain is no reason to suspect the chain.
    if (isForged.has(n)) continue;
    for (const leaf of stored.leaves)
      signed.set(leaf.chain, [...(signed.get(leaf.chain) ?? []), leaf]);
  }
  const last = heads.findLast(({ n }) => !isForged.has(n));
  const names = [...new Set([...chains.keys(), ...signed.keys()])].sort();
  return {
    chains: chains.size,
    entries: entries.length,
    heads: heads.length,
    signedAt: last && signedHeadOf(last.stored).signedAt,
    unsigned: names.filter((name) => {
      const covered = Math.max(0, ...(signed.get(name) ?? []).map(({ seq }) => seq));
      return (chains.get(name) ?? []).some(({ seq }) => seq > covered);
    }),
    problems: [
      ...headProblems,
      ...names.flatMap((name) => checkChain(chains.get(name) ?? [], signed.get(name))),
    ],
  };
}

/** The entries of each chain, in the order in which they came. */
export function chainsOf(entries: CheckedEntry[]): Map<string, CheckedEntry[]> {
  const chains = new Map<string, CheckedEntry[]>();
  for (const entry of entries) {
    const chain = chains.get(entry.chain);
    if (chain) chain.push(entry);
    else chains.set(entry.chain, [entry]);
  }
  return chains;
}

async function checkHeads(
  heads: { n: number; stored: StoredHead }[],
  keys: PublicKey[],
): Promise<HeadProblem[]> {
  const problems: HeadProblem[] = [];
  let last = 0;
  let previous = NOTHING_BEFORE;
  for (const { n, stored } of heads) {
    for (let absent = last + 1; absent < n; absent += 1)
      problems.push({ n: absent, kind: 'missing', words: `Head ${absent} is missing.` });
    const head = await verified(stored.jws, keys);
    if (!head) {
      problems.push({
        n,
        kind: 'forged',
        words: `Head ${n} is not signed by a key of the platform.`,
      });
    } else if (head.n !== n) {
      problems.push({ n, kind: 'changed', words: `Head ${n} was signed as head ${head.n}.` });
    } else if (head.size !== stored.leaves.length || head.root !== rootOf(stored.leaves)) {
      problems.push({ n, kind: 'changed', words: `Head ${n} was signed over other chains.` });
    } else if (n === last + 1 && head.previous !== previous) {
      const words = `Head ${n} follows another head ${n - 1}.`;
      problems.push({ n, kind: 'doesNotFollow', words });
    }
    last = n;
    previous = digestOf(stored.jws);
  }
  return problems;
}

/** What a head says, if one of the keys has signed exactly that, as a head. */
async function verified(jws: string, keys: PublicKey[]): Promise<SignedHead | undefined> {
  for (const key of keys) {
    try {
      const { payload, protectedHeader } = await compactVerify(jws, await importJWK(key, 'ES256'));
      const head = JSON.parse(Buffer.from(payload).toString('utf8')) as SignedHead;
      const isCanonical = canonicalJson(head) === Buffer.from(payload).toString('utf8');
      if (protectedHeader.typ === 'dsr-head' && isCanonical) return head;
    } catch {
      // By another key, or by none.
    }
  }
  return undefined;
}
