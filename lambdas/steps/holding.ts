import { unqueued } from '../adapters/cycles.ts';
import type { Write } from '../adapters/dynamo.ts';
import { holdLifted, holdNoted } from '../adapters/holds.ts';
import { recordChange } from '../adapters/ledger.ts';
import { changedRequest, findRequest, type RequestRow, sealedRow } from '../adapters/requests.ts';
import { noLongerVerifying } from '../adapters/verifying.ts';
import { answer, newWait, type WaitRow, waitKey, waitsOf } from '../adapters/waits.ts';
import type { Held, PlaceHold } from '../domain/desk.ts';
import { afterHold, MAY_BE_HELD, whyNotHeld } from '../domain/hold.ts';
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
 * Ends what a held request waits for of machines: no source is asked, and no cycle carries it. The
 * sweeper repeats it, in case that whoever placed the hold died before this.
 */
export async function pauseWaits(
  requestId: string,
  { by }: Pick<NonNullable<Request['legalHold']>, 'by'>,
): Promise<void> {
  for await (const wait of waitsOf(requestId)) {
    const leaving = leavingLine(wait);
    if (wait.answer || !leaving) continue;
    const given = { option: 'held', by, at: new Date().toISOString() };
    await answer(wait, given, waitEntry(wait, 'held', by), { writes: [leaving] });
  }
}

function leavingLine({ kind, owner, sk }: WaitRow): Write | undefined {
  const round = Number(sk.split('#').at(-1));
  if (kind === 'sourcesLetGo') return noLongerVerifying(owner, round);
  if (kind === 'refreshCycle') return unqueued(`${owner}#${round}`);
  return undefined;
}

/** What changes with the answer that releases a request. */
export const released = (request: RequestRow): Write[] => [
  changedRequest(request.requestId, afterHold(request), 'attribute_exists(legalHold)'),
  holdLifted(request.requestId),
];

/** On which wait the flow of a held request waits; released meanwhile, it passes at once. */
export async function showHold({ requestId, holds = 0 }: RequestRow): Promise<{
  outcome: 'held';
  wait: string;
}> {
  await tellAsked(requestId, WAIT, holds);
  return { outcome: 'held', wait: waitKey(requestId, WAIT, holds).sk };
}
