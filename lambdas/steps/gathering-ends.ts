import { lockRow } from '../adapters/cycles.ts';
import { all, transact } from '../adapters/dynamo.ts';
import {
  changeGathering,
  exportUnqueued,
  type Gathering,
  type GatheringMember,
  gatheringForgotten,
  gatherings,
  getGathering,
  isStillNeeded,
  stillGathering,
  stillNeeded,
} from '../adapters/gatherings.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import { recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { newResult } from '../adapters/results.ts';
import { answer, deliver, findWait, waitKey } from '../adapters/waits.ts';
import type { GatheringId } from '../domain/ids.ts';
import { GATHERING } from './gathering.ts';
import { ensureGathering } from './lines.ts';
import { endTurn } from './turns.ts';

const MEMBERS_A_PAGE = 500;

/** Of a request, in its round: where its rows lie. */
export interface GatheredResult {
  gatheringId: string;
}

/** Tells the next page of members that their rows lie ready; asked again, it does so harmlessly. */
export async function releaseGathered(
  gatheringId: GatheringId,
): Promise<{ outcome: 'more' | 'done'; released: number }> {
  const gathering = await getGathering(gatheringId);
  const { members, released } = gathering;
  const page = members.slice(released, released + MEMBERS_A_PAGE);
  await mapLimited(page, 20, (member) => release(member, gathering));
  const now = released + page.length;
  if (page.length > 0) await changeGathering(gatheringId, { released: now });
  return { outcome: now < members.length ? 'more' : 'done', released: now };
}

async function release(
  { requestId, round }: GatheringMember,
  { gatheringId, snapshotId, tables }: Gathering,
): Promise<void> {
  const wait = waitKey(requestId, GATHERING, round);
  const now = new Date();
  const leftQueue = exportUnqueued(requestId, round);
  const result: GatheredResult = { gatheringId };
  const chain = `request/${requestId}`;
  const outcome = await answer(
    wait,
    { option: 'gathered', by: gatheringId, at: now.toISOString() },
    {
      chain,
      event: 'gathered',
      by: gatheringId,
      facts: { round, snapshot: snapshotId, tables: tables.length },
    },
    {
      writes: [
        newResult(requestId, 'gathered', round, result, now),
        stillNeeded(gatheringId, requestId),
        stillGathering(gatheringId),
        leftQueue,
      ],
    },
  );
  if (outcome === 'recorded') return;
  if (!(await findWait(requestId, GATHERING, round))?.answer)
    throw new Error(`${gatheringId} is over, so it must not release anybody.`);
  // Answered already: before a crash, or by a decision to close.
  await recordChange([leftQueue], {
    chain,
    event: 'leftTheQueue',
    by: gatheringId,
    facts: { round },
  });
  await deliver(wait);
}

/** Lets go of the turn, and starts the next gathering if somebody waits for it. */
export async function endGathering(
  gatheringId: GatheringId,
): Promise<{ outcome: 'ended'; next: string | undefined }> {
  await changeGathering(gatheringId, { endedAt: new Date().toISOString() });
  await endTurn('GATHER', gatheringId);
  return { outcome: 'ended', next: await ensureGathering() };
}

/**
 * Erases what was gathered once every member has its package, or needs none any more. A gathering
 * that died is over as well: whoever it had told keeps what is needed, the others are in the queue.
 */
export async function forgetGatherings(): Promise<void> {
  // Before the holder is read: one that begins in between must not be taken for a dead one.
  const known = await all(gatherings());
  const holder = (await lockRow('GATHER'))?.holder;
  for (const { gatheringId, endedAt } of known) {
    if (gatheringId === holder) continue;
    if (!endedAt) await changeGathering(gatheringId, { endedAt: new Date().toISOString() });
    if (await isStillNeeded(gatheringId)) continue;
    await lakeStorage().erase(`work/${gatheringId}/`);
    await transact([gatheringForgotten(gatheringId)]);
  }
}
