import { unqueued } from '../adapters/cycles.ts';
import type { Write } from '../adapters/dynamo.ts';
import { holdLifted, holdNoted } from '../adapters/holds.ts';
import { recordChange } from '../adapters/ledger.ts';
import { changedRequest, findRequest, type RequestRow, sealedRow } from '../adapters/requests.ts';
import { findResult } from '../adapters/results.ts';
import { waiterRemoved } from '../adapters/source-waiters.ts';
import { noLongerVerifying } from '../adapters/verifying.ts';
import { answer, newWait, type WaitRow, waitKey, waitsOf } from '../adapters/waits.ts';
import type { CycleResult } from '../domain/cycle-result.ts';
import type { Held, PlaceHold } from '../domain/desk.ts';
import { afterHold, MAY_BE_HELD, whyNotHeld } from '../domain/hold.ts';
import { RequestId } from '../domain/ids.ts';
import type { Request } from '../domain/request.ts';
import { waitEntry } from './ending-waits.ts';
import { keepRunning } from './restarting.ts';
import { tellAsked } from './telling.ts';

const WAIT = 'legalHold';

/**
 * Puts a request on hold: what it waits for of sources and cycles ends, and its flow stops before
 * the next thing that cannot be undone. Its clock keeps running.
 */
export async function placeHold({ requestId, by, reasonCode, note }: PlaceHold): Promise<Held> {
  const request = await findRequest(requestId);
  if (!request) return { outcome: 'unknown', words: `There is no request ${requestId}.` };
  const obstacle = whyNotHeld(request);
  if (obstacle) return { outcome: 'refused', words: obstacle };
  const now = new Date();
  const since = now.toISOString();
  const n = (request.holds ?? 0) + 1;
  const recorded = await recordChange(
    [
      changedRequest(
        requestId,
        { legalHold: { n, since, by, reasonCode }, holds: n, status: 'waiting' },
        MAY_BE_HELD,
      ),
      holdNoted({ requestId, since, reasonCode }),
      holdWait(requestId, n, reasonCode, now),
      ...(await noteRow(requestId, n, note)),
    ],
    { chain: `request/${requestId}`, event: 'holdPlaced', by, facts: { n, reason: reasonCode } },
  );
  if (recorded === 'refused') {
    return { outcome: 'refused', words: 'The request changed a moment ago: look again.' };
  }
  await pauseWaits(requestId, { by });
  await tellAsked(requestId, WAIT, n);
  await keepRunning(requestId);
  return { outcome: 'held', words: 'The request is on hold. Its legal clock keeps running.' };
}

/** Nobody above the tenant is asked in the end: a hold lasts as long as its reason. */
const holdWait = (requestId: string, n: number, reasonCode: string, now: Date): Write =>
  newWait(
    {
      owner: requestId,
      name: WAIT,
      round: n,
      kind: 'legalHold',
      on: 'tenantAdmin',
      role: 'tenantAdmin',
      reasonCode,
      options: ['release'],
      asked: true,
      remindAt: now.toISOString(),
    },
    now,
  );

async function noteRow(requestId: string, n: number, note?: string): Promise<Write[]> {
  const row = note && (await sealedRow(requestId, `FREETEXT#note hold#${n}`, note));
  return row ? [row] : [];
}

/**
 * Ends what a held request waits for in its round: no source is asked, no cycle carries it, and what
 * to do about the last one is no question any more. The sweeper repeats it, in case that whoever
 * placed the hold died before this.
 */
export async function pauseWaits(
  requestId: string,
  { by }: Pick<NonNullable<Request['legalHold']>, 'by'>,
): Promise<void> {
  for await (const wait of waitsOf(requestId)) {
    const writes = wait.answer ? undefined : await leaving(wait);
    if (!writes) continue;
    const given = { option: 'held', by, at: new Date().toISOString() };
    await answer(wait, given, waitEntry(wait, 'held', by), { writes });
  }
}

/**
 * What else ends with a wait that does not outlast a hold: the round in which it was asked is over
 * with the release. Who is meant stays a question, and may be answered meanwhile.
 */
async function leaving({ kind, owner, sk }: WaitRow): Promise<Write[] | undefined> {
  const round = Number(sk.split('#').at(-1));
  switch (kind) {
    case 'sourcesLetGo':
      return [noLongerVerifying(owner, round)];
    case 'refreshCycle':
      return [unqueued(`${owner}#${round}`)];
    case 'refreshDecision': {
      const result = await findResult<CycleResult>(RequestId.parse(owner), 'cycleResult', round);
      return (result?.failedSources ?? []).map(({ source }) =>
        waiterRemoved({ source, requestId: owner, round }),
      );
    }
    // What is decided about packages counts for the round in which it is asked.
    case 'openPackages':
    case 'packagesAway':
    // Who is told again to erase while a hold stands would be told wrong.
    case 'acknowledgement':
      return [];
    case 'gathering':
    case 'confirmation':
    case 'collection':
    case 'packageKept':
    case 'whoIsMeant':
    case 'legalHold':
    case 'resurrected':
    case 'adminChange':
    case 'fault':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** What changes with the answer that releases a request. */
export const released = (request: RequestRow): Write[] => [
  changedRequest(request.requestId, afterHold(request), 'attribute_exists(legalHold)'),
  holdLifted(request.requestId),
];

/** On which wait the flow of a held request waits; released meanwhile, it passes at once. */
export const untilReleased = ({ requestId, holds = 0 }: RequestRow) => ({
  outcome: 'held' as const,
  wait: waitKey(requestId, WAIT, holds).sk,
});

/** The same, and sees to it that somebody has been told. */
export async function showHold(request: RequestRow): Promise<ReturnType<typeof untilReleased>> {
  await tellAsked(request.requestId, WAIT, request.holds ?? 0);
  return untilReleased(request);
}
