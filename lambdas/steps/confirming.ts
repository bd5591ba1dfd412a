import { codeUsed } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import { getRequest, getSubject, sealedRow } from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import { answer } from '../adapters/waits.ts';
import type { CodeOutcome } from '../domain/code.ts';
import type { RequestId } from '../domain/ids.ts';
import { maskIdentities } from '../domain/masking.ts';
import { isExport } from '../domain/request.ts';
import { secondsAfter } from '../domain/wait.ts';
import { patience } from './asking.ts';
import { answerByCode, askByCode, goesOn, ROUND, went } from './asking-by-code.ts';
import { type Asked, type Typed, tryCode } from './trying-codes.ts';

const PURPOSE = 'confirmation';

/**
 * Asks the registered tenant admin whether the request is to be carried out. An export that nobody
 * confirms expires; an erasure is passed up.
 * @returns `wait`, the sort key on which the flow waits
 */
export const askForConfirmation = (
  requestId: RequestId,
): Promise<{ outcome: 'asked'; wait: string }> =>
  askByCode(requestId, PURPOSE, { step: 'askForConfirmation', outcome: 'asked' }, async (now) => {
    const { platform } = platformDefinition();
    const request = await getRequest(requestId);
    const { seed } = await getSubject(requestId);
    const expires = isExport(request);
    return {
      options: ['confirmed', 'denied'],
      deadline: expires
        ? secondsAfter(now, platform.exports.confirmSeconds)
        : patience(platform, now).deadline,
      expires,
      masked: maskIdentities(seed),
    };
  });

/** The code confirms: recorded in one transaction with its use, then delivered to the flow. */
export const confirmByCode = (typed: Typed, now: Date): Promise<CodeOutcome> =>
  tryCode(PURPOSE, typed, now, (asked) => answerWith(asked, 'confirmed', typed, now));

/** The same code denies. The reason is kept sealed, because people put names into it. */
export const denyByCode = (
  { reason, ...typed }: Typed & { reason?: string },
  now: Date,
): Promise<CodeOutcome> =>
  tryCode(PURPOSE, typed, now, async (asked) =>
    answerWith(asked, 'denied', typed, now, await reasonRow(asked, reason)),
  );

const LONGEST_REASON = 2_000;

async function reasonRow({ request, wait }: Asked, reason = ''): Promise<Write[]> {
  const text = reason.trim().slice(0, LONGEST_REASON);
  const row = text && (await sealedRow(request.requestId, `FREETEXT#reason ${wait.sk}`, text));
  return row ? [row] : [];
}

function answerWith(
  { request, wait, code }: Asked,
  option: 'confirmed' | 'denied',
  { via, message }: Typed,
  now: Date,
  reason: Write[] = [],
): Promise<'recorded' | 'refused'> {
  const reasonCode = reason.length > 0 ? 'given' : 'none';
  return answer(
    wait,
    { option, by: 'tenantAdmin', reasonCode, at: now.toISOString() },
    {
      chain: `request/${request.requestId}`,
      event: 'decided',
      by: 'tenantAdmin',
      facts: { wait: wait.waitId, kind: wait.kind, option, via, reason: reasonCode },
    },
    {
      fromPerson: true,
      writes: [codeUsed(code, now, message), goesOn(request.requestId), ...reason],
    },
  );
}

interface Confirmation {
  outcome: 'confirmed' | 'denied' | 'expired' | 'closing';
}

/** What came of the question whether the request is to be carried out. */
export async function lookAtConfirmation(requestId: RequestId): Promise<Confirmation> {
  if ((await getRequest(requestId)).closing) return { outcome: 'closing' };
  return once<Confirmation>(requestId, 'lookAtConfirmation', ROUND, async () => {
    const { option, by, at, reasonCode = 'none' } = await answerByCode(requestId, PURPOSE);
    switch (option) {
      case 'confirmed':
        return went(option, { confirmedAt: at, status: 'open' });
      case 'denied':
        return {
          ...went(option, { closing: { option: 'refused', by, reasonCode, at } }),
          condition: 'attribute_not_exists(closing)',
        };
      case 'expired':
        return went(option, { expiredFor: PURPOSE });
      default:
        throw new Error(`A confirmation has no answer "${option}".`);
    }
  });
}
