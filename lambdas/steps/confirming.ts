import { codeUsed } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import { linkOf, newLink } from '../adapters/links.ts';
import { changedRequest, getRequest, getSubject, sealedRow } from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import { answer, newWait, waitKey } from '../adapters/waits.ts';
import { type CodeOutcome, WAITING_REASON } from '../domain/code.ts';
import type { RequestId } from '../domain/ids.ts';
import { maskIdentities } from '../domain/masking.ts';
import { isExport } from '../domain/request.ts';
import { patience, TOLD_WITHIN_MS } from './asking.ts';
import { answerIfClosing } from './ending-waits.ts';
import { tellAsked } from './telling.ts';
import { type Asked, ROUND, type Typed, tryCode } from './trying-codes.ts';

const NAME = 'confirmation';

/**
 * Asks the registered tenant admin whether the request is to be carried out. An export that nobody
 * confirms expires; an erasure is passed up.
 * @returns `wait`, the sort key on which the flow waits
 */
export async function askForConfirmation(
  requestId: RequestId,
): Promise<{ outcome: 'asked'; wait: string }> {
  const asked = await once(requestId, 'askForConfirmation', ROUND, async () => {
    const now = new Date();
    const { platform } = platformDefinition();
    const request = await getRequest(requestId);
    const { seed } = await getSubject(requestId);
    const expires = isExport(request);
    const after = (ms: number) => new Date(now.getTime() + ms).toISOString();
    const deadline = expires
      ? after(platform.exports.confirmSeconds * 1000)
      : patience(platform, now).deadline;
    const link = await linkOf(requestId, NAME);
    return {
      result: { outcome: 'asked' as const, wait: waitKey(requestId, NAME, ROUND).sk },
      writes: [
        newWait(
          {
            owner: requestId,
            name: NAME,
            round: ROUND,
            kind: NAME,
            on: 'tenantAdmin',
            role: 'tenantAdmin',
            reasonCode: WAITING_REASON[NAME],
            options: ['confirmed', 'denied'],
            asked: true,
            remindAt: after(TOLD_WITHIN_MS),
            deadline,
            ...(expires && { expires }),
          },
          now,
        ),
        await newLink(link, { requestId, purpose: NAME, shown: { masked: maskIdentities(seed) } }),
      ],
      changes: { status: 'waiting' as const },
      facts: { on: 'tenantAdmin', until: deadline },
    };
  });
  await answerIfClosing(requestId, NAME, ROUND);
  await tellAsked(requestId, NAME, ROUND);
  return asked;
}

/** The code confirms: recorded in one transaction with its use, then delivered to the flow. */
export const confirmByCode = (typed: Typed, now: Date): Promise<CodeOutcome> =>
  tryCode(NAME, typed, now, (asked) => answerWith(asked, 'confirmed', typed, now));

/** The same code denies. The reason is kept sealed, because people put names into it. */
export const denyByCode = (
  { reason, ...typed }: Typed & { reason?: string },
  now: Date,
): Promise<CodeOutcome> =>
  tryCode(NAME, typed, now, async (asked) =>
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
  { via }: Typed,
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
      writes: [
        codeUsed(code, now),
        changedRequest(
          request.requestId,
          { status: 'open' },
          'attribute_not_exists(outcome) AND attribute_not_exists(closing)',
        ),
        ...reason,
      ],
    },
  );
}
