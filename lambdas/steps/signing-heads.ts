import { platformDefinition } from '../adapters/configuration.ts';
import { lastHeadNumber, putHead, putPublicKey, readHead } from '../adapters/evidence-bucket.ts';
import { endOf, movedChains } from '../adapters/ledger-ends.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { publicKey, sign } from '../adapters/signing.ts';
import { headOver, lookFrom, signedHeadOf } from '../domain/evidence/signing-heads.ts';

const AT_ONCE = 20;

export type Signed =
  | { outcome: 'signed'; n: number; chains: number }
  /** The last head covers everything; `n` is 0 when there is neither. */
  | { outcome: 'nothingMoved'; n: number };

/**
 * Signs a head over every chain that no head covers as it is now. Of several signers at once, each
 * number goes to one; the others look again.
 */
export async function signMovedChains(): Promise<Signed> {
  for (;;) {
    // Before the ledger is read: the next signer looks from here on.
    const now = new Date();
    const n = await lastHeadNumber();
    const last = n > 0 ? await readHead(n) : undefined;
    const since = lookFrom(last && signedHeadOf(last).signedAt, now);
    const [moved, covered] = await Promise.all([movedChains(since), coveredSince(n, since?.at)]);
    const chains = [...moved].filter(([chain, seq]) => seq > (covered.get(chain) ?? 0));
    if (chains.length === 0) return { outcome: 'nothingMoved', n };
    const ends = await mapLimited(chains, AT_ONCE, ([chain]) => endOf(chain));
    const { platform } = platformDefinition().platform;
    const { head, leaves } = headOver(ends, last && { n, jws: last.jws }, {
      platform,
      signedAt: now.toISOString(),
    });
    await putPublicKey(await publicKey());
    const stored = { jws: await sign(head, 'dsr-head'), leaves };
    if (await putHead(head.n, stored)) {
      return { outcome: 'signed', n: head.n, chains: leaves.length };
    }
  }
}

/** How far each chain is covered by the heads signed since then. */
async function coveredSince(n: number, at?: string): Promise<Map<string, number>> {
  const covered = new Map<string, number>();
  if (at === undefined) return covered;
  for (let last = n; last > 0; last -= AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, last) }, (_, back) => last - back);
    const heads = await mapLimited(numbers, AT_ONCE, readHead);
    for (const { leaves } of heads)
      for (const { chain, seq } of leaves)
        covered.set(chain, Math.max(covered.get(chain) ?? 0, seq));
    if (heads.some((head) => signedHeadOf(head).signedAt < at)) break;
  }
  return covered;
}
