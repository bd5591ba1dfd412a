import { generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { CheckedEntry } from '../../lambdas/domain/evidence/check-chain.ts';
import { checkLedger } from '../../lambdas/domain/evidence/check-ledger.ts';
import type { EvidenceBundle, StoredHead } from '../../lambdas/domain/evidence/documents.ts';
import {
  canonicalJson,
  hashOfEntry,
  NOTHING_BEFORE,
} from '../../lambdas/domain/evidence/ledger-chain.ts';
import { headOver } from '../../lambdas/domain/evidence/signing-heads.ts';

type Key = { own: KeyObject; shown: EvidenceBundle['keys'][number] };
let ours: Key;
let theirs: Key;

async function aKey(): Promise<Key> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  return { own: privateKey, shown: { kty, crv, x, y, kid } };
}
beforeAll(async () => {
  [ours, theirs] = await Promise.all([aKey(), aKey()]);
});

function signed({ own, shown }: Key, payload: object, typ = 'dsr-head'): string {
  const parts = [{ alg: 'ES256', kid: shown.kid, typ }, payload].map((part) =>
    Buffer.from(canonicalJson(part)).toString('base64url'),
  );
  const signature = signWith('sha256', Buffer.from(parts.join('.')), {
    key: own,
    dsaEncoding: 'ieee-p1363',
  });
  return [...parts, signature.toString('base64url')].join('.');
}

/** Two chains, signed after three entries and after five. */
function aLedger({ by = ours, typ = 'dsr-head' } = {}) {
  const entries: CheckedEntry[] = [];
  const heads: { n: number; stored: StoredHead }[] = [];
  const append = (chain: string) => {
    const last = entries.findLast((entry) => entry.chain === chain);
    const at = '2026-11-25T10:00:00.000Z';
    const entry = { chain, seq: (last?.seq ?? 0) + 1, at, event: 'changed', by: 'a-test' };
    entries.push({ ...entry, hash: hashOfEntry(last?.hash ?? NOTHING_BEFORE, entry) });
  };
  const signHead = () => {
    const ends = ['cycle/c-1', 'platform'].flatMap((chain) => {
      const last = entries.findLast((entry) => entry.chain === chain);
      return last ? [{ chain, seq: last.seq, hash: last.hash }] : [];
    });
    const last = heads.at(-1);
    const { head, leaves } = headOver(ends, last && { n: last.n, jws: last.stored.jws }, {
      platform: 'demo',
      signedAt: `2026-11-25T1${heads.length}:00:00.000Z`,
    });
    heads.push({ n: head.n, stored: { jws: signed(by, head, typ), leaves } });
  };
  for (const chain of ['platform', 'cycle/c-1', 'platform']) append(chain);
  signHead();
  for (const chain of ['platform', 'platform']) append(chain);
  signHead();
  return { entries, heads, append };
}

async function problemsOf({
  entries,
  heads,
}: Pick<ReturnType<typeof aLedger>, 'entries' | 'heads'>) {
  const { problems } = await checkLedger(entries, heads, [ours.shown]);
  return problems.map((problem) =>
    'n' in problem
      ? `head ${problem.n} ${problem.kind}`
      : `${problem.chain} ${problem.seq} ${problem.kind}`,
  );
}

describe('a ledger that nobody touched', () => {
  it('has nothing wrong, and tells what is not signed yet', async () => {
    const ledger = aLedger();
    ledger.append('cycle/c-1');
    expect(await checkLedger(ledger.entries, ledger.heads, [ours.shown])).toEqual({
      chains: 2,
      entries: 6,
      heads: 2,
      signedAt: '2026-11-25T11:00:00.000Z',
      unsigned: ['cycle/c-1'],
      problems: [],
    });
  });

  it('has nothing wrong when nothing is in it', async () => {
    expect(await problemsOf({ entries: [], heads: [] })).toEqual([]);
  });
});

describe('the check of a ledger', () => {
  it('names the end that was cut off a chain', async () => {
    const { entries, heads } = aLedger();
    expect(await problemsOf({ entries: entries.slice(0, -1), heads })).toEqual([
      'platform 4 missing',
    ]);
  });

  it('names a chain that is gone', async () => {
    const { entries, heads } = aLedger();
    const left = entries.filter(({ chain }) => chain === 'platform');
    expect(await problemsOf({ entries: left, heads })).toEqual(['cycle/c-1 1 missing']);
  });

  it('names a head that another key has signed, or that is no head', async () => {
    expect(await problemsOf(aLedger({ by: theirs }))).toEqual(['head 1 forged', 'head 2 forged']);
    const others = aLedger({ typ: 'dsr-certificate' });
    expect(await problemsOf(others)).toEqual(['head 1 forged', 'head 2 forged']);
  });

  it('names a head of which a letter was changed', async () => {
    const { entries, heads } = aLedger();
    const [first, second] = heads as [(typeof heads)[0], (typeof heads)[0]];
    const jws = second.stored.jws.replace(
      /^(.{90})(.)/,
      (_, before, letter) => `${before}${letter === 'A' ? 'B' : 'A'}`,
    );
    const stored = { ...second.stored, jws };
    expect(await problemsOf({ entries, heads: [first, { n: 2, stored }] })).toEqual([
      'head 2 forged',
    ]);
  });

  it('names a head whose chains were changed', async () => {
    const { entries, heads } = aLedger();
    const [first, second] = heads as [(typeof heads)[0], (typeof heads)[0]];
    const leaves = second.stored.leaves.map((leaf) => ({ ...leaf, seq: leaf.seq + 1 }));
    const changed = { n: 2, stored: { ...second.stored, leaves } };
    expect(await problemsOf({ entries, heads: [first, changed] })).toEqual(['head 2 changed']);
  });

  it('names a head that is missing, and one under the number of another', async () => {
    const { entries, heads } = aLedger();
    const [first, second] = heads as [(typeof heads)[0], (typeof heads)[0]];
    expect(await problemsOf({ entries, heads: [second] })).toEqual(['head 1 missing']);
    const twice = [first, { n: 2, stored: first.stored }];
    expect(await problemsOf({ entries, heads: twice })).toEqual(['head 2 changed']);
  });

  it('names a head that follows another', async () => {
    const { entries, heads } = aLedger();
    const [first, second] = heads as [(typeof heads)[0], (typeof heads)[0]];
    const [other] = aLedger().heads as [(typeof heads)[0]];
    expect(other.stored.jws).not.toBe(first.stored.jws);
    expect(await problemsOf({ entries, heads: [other, second] })).toEqual(['head 2 doesNotFollow']);
  });
});
