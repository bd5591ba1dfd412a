import { recordChange } from '../adapters/ledger.ts';
import { changedRequest } from '../adapters/requests.ts';
import { waiterRemoved, waitersFor } from '../adapters/source-waiters.ts';
import { answer, findWait, type WaitRow, waitKey } from '../adapters/waits.ts';
import { RequestId } from '../domain/ids.ts';

/** A decision on a source, made on the wait of one request. */
interface SourceDecision {
  option: string;
  by: string;
  at: string;
}

/** Answers everybody who waits for the same source as one of them did; safe to repeat. */
export async function passOn(source: string, decision: SourceDecision): Promise<void> {
  const { option, by } = decision;
  for await (const waiter of waitersFor(source)) {
    const { requestId, round } = waiter;
    const wait = await findWait(requestId, 'whatToDo', round);
    if (wait && !wait.answer && !isAbout(wait, decision)) continue;
    const entry = {
      chain: `request/${requestId}`,
      event: 'decided',
      by,
      facts: { source, option, round },
    };
    const opened = changedRequest(RequestId.parse(requestId), { status: 'open' });
    const recorded = await answer(
      waitKey(requestId, 'whatToDo', round),
      { option, by, at: new Date().toISOString() },
      entry,
      { writes: [opened, waiterRemoved(waiter)] },
    );
    if (recorded === 'refused') {
      await recordChange([waiterRemoved(waiter)], { ...entry, event: 'leftTheSource' });
    }
  }
}

/**
 * An accepted loss stands until an extraction used it: it answers who was asked about that loss,
 * and nobody who is asked later, why the source failed then.
 */
const isAbout = ({ reasonCode, since }: WaitRow, { option, at }: SourceDecision): boolean =>
  option !== 'acceptLoss' || (reasonCode === 'heldForLoss' && since <= at);
