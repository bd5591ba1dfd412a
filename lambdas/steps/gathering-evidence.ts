import { findCertificate, findCompletion } from '../adapters/certificates.ts';
import { readPublicKey } from '../adapters/evidence-bucket.ts';
import { headsSince } from '../adapters/evidence-reader.ts';
import { entriesOf } from '../adapters/ledger-reader.ts';
import { findRequest } from '../adapters/requests.ts';
import type { EvidenceAnswer } from '../domain/desk.ts';
import { bundleOf, headFor } from '../domain/evidence/bundle.ts';
import type { RequestId } from '../domain/ids.ts';

/** Clocks of functions differ: the first entry may say a later time than the head that covers it. */
const CLOCKS_DIFFER_MS = 60_000;

/** Everything that proves one request's outcome to somebody who trusts nobody here. */
export async function gatherEvidenceOf(requestId: RequestId): Promise<EvidenceAnswer> {
  const request = await findRequest(requestId);
  if (!request) return { outcome: 'unknown' };
  const certified = request.outcome ? await findCertificate(requestId) : undefined;
  if (!certified) return { outcome: 'notYet' };
  const chain = `request/${requestId}`;
  const [entries, completion] = await Promise.all([entriesOf(chain), findCompletion(requestId)]);
  return bundleOf(
    { certificate: certified, completions: completion ? [completion] : [] },
    entries,
    await headsFor(chain, entries),
    readPublicKey,
  );
}

async function headsFor(chain: string, entries: { at: string; seq: number }[]) {
  const [first, last] = [entries.at(0), entries.at(-1)];
  const heads: NonNullable<ReturnType<typeof headFor>>[] = [];
  if (!first || !last) return heads;
  const since = new Date(Date.parse(first.at) - CLOCKS_DIFFER_MS).toISOString();
  for await (const stored of headsSince(since)) {
    const head = headFor(chain, stored);
    if (head) heads.push(head);
    if (head && head.leaf.seq >= last.seq) break;
  }
  return heads;
}
