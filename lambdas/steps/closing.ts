import { unqueued } from '../adapters/cycles.ts';
import { recordChange } from '../adapters/ledger.ts';
import { leftTraces } from '../adapters/leftovers.ts';
import { deletedKey } from '../adapters/request-keys.ts';
import { changedRequest, getRequest } from '../adapters/requests.ts';
import { findResult } from '../adapters/results.ts';
import { unclaimed } from '../adapters/same-requests.ts';
import { noLongerVerifying } from '../adapters/verifying.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Outcome } from '../domain/request.ts';
import { passOnEnd } from './package-ends.ts';

/**
 * Closes a request: its outcome, and the deletion of its key, so that what it knew of the person
 * can no longer be read, in backups neither. Closing what is closed gives the outcome again.
 */
export async function closeForGood(
  requestId: RequestId,
  round: number,
): Promise<{ outcome: Outcome }> {
  const request = await getRequest(requestId);
  if (request.outcome) {
    if (request.erasedBy) await passOnEnd(request.erasedBy);
    return { outcome: request.outcome };
  }
  const certified = await findResult<{ outcome: Outcome }>(requestId, 'certify', round);
  if (!certified) throw new Error('A request closes with its certificate.');
  const { outcome } = certified;
  await recordChange(
    [
      changedRequest(
        requestId,
        { status: 'closed', listed: 'closed', outcome, closedAt: new Date().toISOString() },
        'attribute_not_exists(outcome)',
      ),
      deletedKey(requestId),
      leftTraces(requestId),
      unqueued(`${requestId}#${round}`),
      noLongerVerifying(requestId, round),
      ...(request.sameAs ? [unclaimed(request.sameAs)] : []),
    ],
    {
      chain: `request/${requestId}`,
      event: 'requestClosed',
      by: 'closeRequest',
      facts: { outcome },
    },
  );
  // An erasure of the same person may have begun to wait for this a moment ago.
  const { erasedBy } = await getRequest(requestId);
  if (erasedBy) await passOnEnd(erasedBy);
  return { outcome };
}
