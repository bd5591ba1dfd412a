import { type CodeRow, isCode, newestCode, tryTaken } from '../adapters/codes.ts';
import { recordChange } from '../adapters/ledger.ts';
import { findLink, type Shown } from '../adapters/links.ts';
import { findRequest, type RequestRow } from '../adapters/requests.ts';
import { findWait, type WaitRow } from '../adapters/waits.ts';
import {
  type CodeOutcome,
  type CodePurpose,
  readCode,
  standingOf,
  triesLeft,
} from '../domain/code.ts';
import { RequestId } from '../domain/ids.ts';
import { chainOf } from '../domain/wait-owner.ts';
import { ROUND } from './asking-by-code.ts';
import { showLocked } from './locked-codes.ts';
import { codeFor } from './mailing-codes.ts';

/** A code as somebody typed it: on the page that a link names, or in a reply about a request. */
export interface Typed {
  code: string;
  link?: string;
  requestId?: string;
  /** Which of its waits for that purpose; of a link, the link says it. */
  which?: number;
  via: 'page' | 'reply';
  /** Of the message that it stood in: delivered again, it finds its own answer. */
  message?: string;
}

/** What a code would answer, as it stands. Reading it changes nothing. */
export interface Asked {
  request: RequestRow;
  wait: WaitRow;
  code: CodeRow;
  shown: Shown;
}

/** `undefined`: no such link or request, or one of another purpose, or nobody has been asked. */
export async function findAsked(
  purpose: CodePurpose,
  { link, requestId, which: named = ROUND }: Pick<Typed, 'link' | 'requestId' | 'which'>,
): Promise<Asked | undefined> {
  const linked = link === undefined ? undefined : await findLink(link);
  if (link !== undefined && linked?.purpose !== purpose) return undefined;
  const id = RequestId.safeParse(linked?.requestId ?? requestId).data;
  // A reply that names a request beside another one's link is about neither.
  if (!id || (requestId !== undefined && requestId !== id)) return undefined;
  const which = linked ? (linked.which ?? ROUND) : named;
  const [request, wait, code] = await Promise.all([
    findRequest(id),
    findWait(id, purpose, which),
    newestCode(id, purpose, which),
  ]);
  return request && wait && code
    ? { request, wait, code, shown: linked?.shown ?? { masked: [] } }
    : undefined;
}

/** What a code answers, whatever it is about. */
interface Answerable {
  /** Absent of what is no request's. */
  request?: Pick<RequestRow, 'outcome' | 'closing'>;
  wait: WaitRow;
  code: CodeRow;
}

/** Whether a code may still be typed for it; whichever comes first of what ended it. */
export function standingOfAsked(
  { request, wait, code }: Answerable,
  now: Date,
): 'open' | Extract<CodeOutcome['outcome'], 'alreadyUsed' | 'expired' | 'locked'> {
  if (request?.outcome) return request.outcome === 'expired' ? 'expired' : 'alreadyUsed';
  if (wait.answer && !isCollected({ wait }))
    return wait.answer.option === 'expired' ? 'expired' : 'alreadyUsed';
  if (request?.closing) return 'alreadyUsed';
  const { deadline, expires } = wait;
  // Before the sweeper has come by.
  if (!wait.answer && expires && deadline && deadline <= now.toISOString()) return 'expired';
  const standing = standingOf(code, now);
  switch (standing) {
    case 'issued':
      return 'open';
    case 'used':
    case 'voided':
      return 'alreadyUsed';
    case 'expired':
    case 'locked':
      return standing;
    default:
      return standing satisfies never;
  }
}

/**
 * A package that was collected can be collected once more with a code that was issued for that. The
 * one before it was used up together with the answer, whatever the clocks said of either.
 */
export const isCollected = ({ wait }: Pick<Asked, 'wait'>): boolean =>
  wait.answer?.option === 'collected';

/**
 * Compares a typed code, one of five tries a code, and lets the right one do its work. A try is taken
 * and entered in the ledger before anything is compared, so that no number of tries at once is more
 * than five. What cannot be a code at all costs none: whoever submits every form locks nobody out.
 * @param use what the right code does; `refused` when something has changed since
 */
export const tryCode = (
  purpose: CodePurpose,
  typed: Typed,
  now: Date,
  use: (asked: Asked) => Promise<'recorded' | 'refused'>,
): Promise<CodeOutcome> => tryCodeFor(() => findAsked(purpose, typed), typed, now, use);

/** @param find what the code would answer, as it stands; it is looked for again after the try */
export async function tryCodeFor<A extends Answerable>(
  find: () => Promise<A | undefined>,
  typed: Pick<Typed, 'code' | 'via' | 'message'>,
  now: Date,
  use: (asked: A) => Promise<'recorded' | 'refused'>,
): Promise<CodeOutcome> {
  const asked = await find();
  if (!asked) return { outcome: 'unknown' };
  const { owner: requestId } = asked.wait;
  // It died before it could say so.
  if (typed.message !== undefined && asked.code.usedBy === typed.message)
    return { outcome: 'accepted', requestId };
  // A message has one try, however often it is handled: also the last one, which locks.
  const isAgain = typed.message !== undefined && asked.code.triedBy?.has(typed.message) === true;
  const standing = standingOfAsked(asked, now);
  if (standing !== 'open' && !(isAgain && standing === 'locked'))
    return { outcome: standing, requestId };
  const code = readCode(typed.code);
  if (code === undefined)
    return { outcome: 'wrongCode', requestId, triesLeft: triesLeft(asked.code) };

  const { purpose, n } = asked.code;
  const taken = isAgain
    ? 'recorded'
    : await recordChange([tryTaken(asked.code, now, typed.message)], {
        chain: chainOf(requestId),
        event: 'codeTried',
        by: typed.via,
        facts: { purpose, n },
      });
  const isRight =
    taken === 'recorded' && (await isCode(asked.code, await codeFor(asked.wait, purpose, n), code));
  if (isRight && (await use(asked)) === 'recorded') return { outcome: 'accepted', requestId };

  // Of what stands now: others may have tried, used or voided it meanwhile.
  const after = await find();
  const standsNow = after ? standingOfAsked(after, now) : 'open';
  if (standsNow === 'locked' && after) await showLocked(after.wait, after.code, typed.via);
  if (standsNow !== 'open') return { outcome: standsNow, requestId };
  const left = after ? triesLeft(after.code) : 0;
  return { outcome: 'wrongCode', requestId, triesLeft: left };
}
