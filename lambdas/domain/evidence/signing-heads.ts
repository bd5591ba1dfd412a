import type { ChainHead, SignedHead, StoredHead } from './documents.ts';
import { digestOf, payloadOf } from './jws.ts';
import { canonicalJson, NOTHING_BEFORE } from './ledger-chain.ts';
import { leafHash, merkleRoot } from './merkle.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * From when on to look for entries that no head covers. An entry says the time at which its writer
 * began to write it: that may take as long as a function runs (15 minutes), and the index comes
 * after; hence an hour. The first look of a day goes back two days, for whatever came later still.
 * @param lastSignedAt of the last head; without one, everything is looked at
 */
export function lookFrom(
  lastSignedAt: string | undefined,
  now: Date,
): { at: string; days: string[] } | undefined {
  if (lastSignedAt === undefined) return undefined;
  const isSameDay = lastSignedAt.slice(0, 10) === now.toISOString().slice(0, 10);
  const at = new Date(Date.parse(lastSignedAt) - (isSameDay ? HOUR_MS : 2 * DAY_MS)).toISOString();
  const days: string[] = [];
  // A clock that is ahead dates its entries tomorrow.
  for (let time = Date.parse(at.slice(0, 10)); time <= now.getTime() + DAY_MS; time += DAY_MS)
    days.push(new Date(time).toISOString().slice(0, 10));
  return { at, days };
}

/** What is to be signed over these ends of chains, after the last head. */
export function headOver(
  ends: ChainHead[],
  after: { n: number; jws: string } | undefined,
  { platform, signedAt }: Pick<SignedHead, 'platform' | 'signedAt'>,
): { head: SignedHead; leaves: ChainHead[] } {
  const leaves = ends.toSorted((a, b) => (a.chain < b.chain ? -1 : 1));
  return {
    leaves,
    head: {
      version: 1,
      platform,
      n: (after?.n ?? 0) + 1,
      signedAt,
      previous: after ? digestOf(after.jws) : NOTHING_BEFORE,
      size: leaves.length,
      root: rootOf(leaves),
    },
  };
}

export const rootOf = (leaves: ChainHead[]): string =>
  merkleRoot(leaves.map((leaf) => leafHash(canonicalJson(leaf))));

/** What a stored head says. Nothing is checked here. */
export const signedHeadOf = ({ jws }: StoredHead): SignedHead => payloadOf(jws);
