import type { Write } from '../adapters/dynamo.ts';
import { linkOf, newLink } from '../adapters/links.ts';
import { changedRequest } from '../adapters/requests.ts';
import { type Done, once } from '../adapters/results.ts';
import { findWait, newWait, waitKey } from '../adapters/waits.ts';
import { type CodePurpose, WAITING_REASON } from '../domain/code.ts';
import type { RequestId } from '../domain/ids.ts';
import { type Answer, secondsAfter } from '../domain/wait.ts';
import { TOLD_WITHIN_SECONDS } from './asking.ts';
import { answerIfClosing } from './ending-waits.ts';
import { tellAsked } from './telling.ts';

/** Confirmation and collection are asked once a request; who is asked again gets a newer code. */
export const ROUND = 1;

/** What somebody is asked, who answers with a code: the registered tenant admin, or a recipient. */
interface CodeQuestion {
  options: string[];
  deadline: string;
  expires: boolean;
  /** Who is meant, as the page shows it. */
  masked: string[];
  /** What else the step's result says. */
  also?: Record<string, unknown>;
  /** The recipient who is asked, and of how many identities they are told. */
  told?: { recipient: string; identities: number };
}

/**
 * The writes that open a wait for a code, and make its page known.
 * @param which of the request's waits for that purpose
 */
export async function askedByCode(
  requestId: RequestId,
  purpose: CodePurpose,
  which: number,
  { options, deadline, expires, masked, told }: CodeQuestion,
  now: Date,
): Promise<Write[]> {
  const role = told ? 'recipient' : 'tenantAdmin';
  const link = await linkOf(requestId, purpose, which);
  return [
    newWait(
      {
        owner: requestId,
        name: purpose,
        round: which,
        kind: purpose,
        on: role,
        role,
        reasonCode: WAITING_REASON[purpose],
        options,
        asked: true,
        remindAt: secondsAfter(now, TOLD_WITHIN_SECONDS),
        deadline,
        ...(expires && { expires }),
        ...told,
      },
      now,
    ),
    await newLink(link, { requestId, purpose, ...(told && { which }), shown: { masked } }),
  ];
}

/**
 * Opens the wait for a code, once, makes its page known, and mails both; what does not leave is sent
 * by the sweep.
 * @param step under whose name it is recorded
 * @returns `wait`, the sort key on which the flow waits
 */
export async function askByCode<O extends string>(
  requestId: RequestId,
  purpose: CodePurpose,
  { step, outcome }: { step: string; outcome: O },
  question: (now: Date) => Promise<CodeQuestion>,
): Promise<{ outcome: O; wait: string }> {
  const wait = waitKey(requestId, purpose, ROUND).sk;
  const asked = await once(requestId, step, ROUND, async () => {
    const now = new Date();
    const asking = await question(now);
    const done: Done<{ outcome: O; wait: string }> = {
      result: { outcome, wait, ...asking.also },
      writes: await askedByCode(requestId, purpose, ROUND, asking, now),
      changes: { status: 'waiting' },
      facts: { on: 'tenantAdmin', until: asking.deadline },
    };
    return done;
  });
  await answerIfClosing(requestId, purpose, ROUND);
  await tellAsked(requestId, purpose, ROUND);
  return asked;
}

/** @throws Error when nobody has answered */
export async function answerByCode(requestId: RequestId, purpose: CodePurpose): Promise<Answer> {
  const given = (await findWait(requestId, purpose, ROUND))?.answer;
  if (!given) throw new Error(`Nobody has answered the wait ${purpose}.`);
  return given;
}

/** The write with which a code lets a request go on, unless it has ended or is ending. */
export const goesOn = (requestId: RequestId): Write =>
  changedRequest(
    requestId,
    { status: 'open' },
    'attribute_not_exists(outcome) AND attribute_not_exists(closing)',
  );

/** What an answer came to, with what it changes of the request. */
export const went = <O extends string>(
  outcome: O,
  changes: NonNullable<Done<{ outcome: O }>['changes']>,
): Done<{ outcome: O }> => ({ result: { outcome }, facts: { outcome }, changes });
