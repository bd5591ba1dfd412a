import { platformDefinition } from '../adapters/configuration.ts';
import { getRequest } from '../adapters/requests.ts';
import { type Done, once } from '../adapters/results.ts';
import { findWait, newWait, waitKey } from '../adapters/waits.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Answer } from '../domain/wait.ts';

/** The confirmation is asked once; who was asked again has the newest code to the same question. */
export const CONFIRMATION = { name: 'confirmation', round: 1 } as const;
export const COLLECTION = { name: 'collection', round: 1 } as const;
const KEPT = { name: 'packageKept', round: 1 } as const;

const answerTo = async (
  requestId: RequestId,
  { name, round }: { name: string; round: number },
): Promise<Answer> => {
  const given = (await findWait(requestId, name, round))?.answer;
  if (!given) throw new Error(`Nobody has answered the wait ${name}.`);
  return given;
};

interface Confirmation {
  outcome: 'confirmed' | 'denied' | 'expired' | 'closing';
}
interface Collection {
  outcome: 'collected' | 'expired' | 'closing';
}

/** What came of the question whether the request is to be carried out. */
export async function lookAtConfirmation(requestId: RequestId): Promise<Confirmation> {
  if ((await getRequest(requestId)).closing) return { outcome: 'closing' };
  return once<Confirmation>(requestId, 'lookAtConfirmation', CONFIRMATION.round, async () => {
    const { option, by, at, reasonCode = 'none' } = await answerTo(requestId, CONFIRMATION);
    switch (option) {
      case 'confirmed':
        return went('confirmed', { confirmedAt: at, status: 'open' });
      case 'denied':
        return {
          ...went('denied', { closing: { option: 'refused' as const, by, reasonCode, at } }),
          condition: 'attribute_not_exists(closing)',
        };
      case 'expired':
        return went('expired', { expiredFor: 'confirmation' });
      default:
        throw new Error(`A confirmation has no answer "${option}".`);
    }
  });
}

/** Whether the package was collected. Recorded at once, because it makes the request delivered. */
export async function lookAtCollection(requestId: RequestId): Promise<Collection> {
  const { option, at } = await answerTo(requestId, COLLECTION);
  if (option !== 'collected' && option !== 'expired') return { outcome: 'closing' };
  return once<Collection>(requestId, 'lookAtCollection', COLLECTION.round, async () =>
    option === 'collected'
      ? went('collected', { deliveredAt: at, status: 'open' })
      : went('expired', { expiredFor: 'collection' }),
  );
}

/** Leaves a collected package a while longer, for whose download was cut off. */
export async function keepPackage(
  requestId: RequestId,
): Promise<{ outcome: 'kept'; wait: string }> {
  return once(requestId, 'keepPackage', KEPT.round, async () => {
    const now = new Date();
    const { exports, waits } = platformDefinition().platform;
    const after = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
    const deadline = after(exports.keptSeconds);
    const look = after(Math.min(exports.keptSeconds, waits.remindSeconds));
    return {
      result: { outcome: 'kept' as const, wait: waitKey(requestId, KEPT.name, KEPT.round).sk },
      facts: { until: deadline },
      writes: [
        newWait(
          {
            owner: requestId,
            ...KEPT,
            kind: 'packageKept',
            on: 'deadline',
            reasonCode: 'collected',
            options: [],
            remindAt: look,
            deadline,
            expires: true,
          },
          now,
        ),
      ],
    };
  });
}

const went = <O extends string>(
  outcome: O,
  changes: Done<{ outcome: O }>['changes'],
): Done<{ outcome: O }> => ({ result: { outcome }, facts: { outcome }, changes });
