import { recordChange } from '../adapters/ledger.ts';
import { changedRequest } from '../adapters/requests.ts';
import { waiterRemoved, waitersFor } from '../adapters/source-waiters.ts';
import { answer, waitKey } from '../adapters/waits.ts';
import { RequestId } from '../domain/ids.ts';

/** Answers everybody who waits for the same source as one of them did; safe to repeat. */
export async function passOn(source: string, option: string, by: string): Promise<void> {
  for await (const waiter of waitersFor(source)) {
    const { requestId, round } = waiter;
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
