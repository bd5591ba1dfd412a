import { platformDefinition } from '../adapters/configuration.ts';
import { all } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { findRequest } from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import { findWait, newWait, type WaitRow, waitKey, waitsOf } from '../adapters/waits.ts';
import { purposeOf } from '../domain/code.ts';
import type { Reissued } from '../domain/desk.ts';
import { RequestId } from '../domain/ids.ts';
import { secondsAfter } from '../domain/wait.ts';
import { ROUND } from './asking-by-code.ts';
import { mailCodeAgain } from './mailing-codes.ts';
import { regardless } from './regardless.ts';
import { tell } from './telling.ts';

const KEPT = 'packageKept';

/** Leaves a collected package a while longer, for whose download was cut off. */
export async function keepPackage(
  requestId: RequestId,
): Promise<{ outcome: 'kept'; wait: string }> {
  return once(requestId, 'keepPackage', ROUND, async () => {
    const now = new Date();
    const { exports, waits } = platformDefinition().platform;
    const deadline = secondsAfter(now, exports.keptSeconds);
    return {
      result: { outcome: 'kept' as const, wait: waitKey(requestId, KEPT, ROUND).sk },
      facts: { until: deadline },
      writes: [
        newWait(
          {
            owner: requestId,
            name: KEPT,
            round: ROUND,
            kind: KEPT,
            on: 'deadline',
            reasonCode: 'collected',
            options: [],
            remindAt: secondsAfter(now, Math.min(exports.keptSeconds, waits.remindSeconds)),
            deadline,
            expires: true,
          },
          now,
        ),
      ],
    };
  });
}

/**
 * Sends a new code for whatever a request asks by code: a confirmation, a package to be collected, or
 * one whose download was cut off and that is still kept, or of recipients to acknowledge.
 */
export async function reissuePackage(requestId: string, by: string): Promise<Reissued> {
  const request = await findRequest(requestId);
  if (!request) return { outcome: 'unknown' };
  const now = new Date();
  const open = (await all(waitsOf(requestId))).filter((wait) => purposeOf(wait) && !wait.answer);
  if (open.length > 0 && !request.outcome && !request.closing) {
    await regardless(open, async (wait) => {
      await recordReissue(wait, by);
      await tell(wait, now);
    });
    return { outcome: 'reissued' };
  }
  const collection = await findWait(requestId, 'collection', ROUND);
  if (!collection) return { outcome: 'notAsked' };
  const kept = await findWait(requestId, KEPT, ROUND);
  if (collection.answer?.option !== 'collected' || !kept?.deadline || kept.answer)
    return { outcome: 'gone' };
  await recordReissue(collection, by);
  await mailCodeAgain(collection, { by, expiresAt: kept.deadline }, now);
  return { outcome: 'reissued' };
}

const recordReissue = ({ owner, waitId }: WaitRow, by: string) =>
  recordChange([], {
    chain: `request/${RequestId.parse(owner)}`,
    event: 'reissueAsked',
    by,
    facts: { wait: waitId },
  });
