import type { StoredHead } from '../domain/evidence/documents.ts';
import { signedHeadOf } from '../domain/evidence/signing-heads.ts';
import { lastHeadNumber, readHead } from './evidence-bucket.ts';
import { mapLimited } from './map-limited.ts';

const AT_ONCE = 20;

/** The heads that were signed at that time or later, the first one first. */
export async function* headsSince(at: string): AsyncGenerator<StoredHead> {
  const last = await lastHeadNumber();
  for (let next = await firstSince(at, last); next <= last; next += AT_ONCE) {
    const numbers = Array.from(
      { length: Math.min(AT_ONCE, last - next + 1) },
      (_, on) => next + on,
    );
    yield* await mapLimited(numbers, AT_ONCE, readHead);
  }
}

/** Which of them it is, by halving: there can be years of heads. */
async function firstSince(at: string, last: number): Promise<number> {
  let [from, to] = [1, last + 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (signedHeadOf(await readHead(middle)).signedAt < at) from = middle + 1;
    else to = middle;
  }
  return from;
}
