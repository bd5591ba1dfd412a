import { type CodeOf, codeVoided, newCode, newestCode } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { sendMail } from '../adapters/mail.ts';
import { registeredAdmin } from '../adapters/registered-admin.ts';
import { noteSent } from '../adapters/sent-mails.ts';
import { findWaitByKey, reasoned, type WaitRow, whichOf } from '../adapters/waits.ts';
import { type AnyPurpose, type CodePurpose, WAITING_REASON } from '../domain/code.ts';
import type { Mail } from '../domain/mails.ts';
import { chainOf } from '../domain/wait-owner.ts';
import { declaredRecipient, mailsWithCode } from './code-mails.ts';
import { showReturned } from './returned-mails.ts';

type AskedWait = Pick<WaitRow, 'owner' | 'sk' | 'recipient'>;

/** Whom a code is for: the registered address, whoever asked and whatever they wrote. */
export const codeFor = async (
  wait: AskedWait,
  purpose: AnyPurpose,
  n: number,
): Promise<CodeOf> => ({
  requestId: wait.owner,
  purpose,
  which: whichOf(wait),
  n,
  address: await addressOf(wait),
});

/** Of a recipient who is declared no more, an address that nobody has: no code of theirs works. */
async function addressOf({ recipient }: Pick<WaitRow, 'recipient'>): Promise<string> {
  if (recipient === undefined) return (await registeredAdmin()).email;
  return platformDefinition().platform.recipients[recipient]?.email ?? '';
}

/**
 * Issues a new code and voids the one before: nobody has kept that one, so that a mail that did not
 * leave, was lost or came back cannot be sent again. `undefined`: it was answered meanwhile.
 */
async function issueCode(
  wait: AskedWait,
  purpose: AnyPurpose,
  { writes, by, expiresAt }: { writes: Write[]; by: string; expiresAt?: string },
  now: Date,
): Promise<string | undefined> {
  const { owner: requestId, recipient } = wait;
  const before = await newestCode(requestId, purpose, whichOf(wait));
  const of = await codeFor(wait, purpose, (before?.n ?? 0) + 1);
  const { code, write } = await newCode(of, expiresAt);
  const recorded = await recordChange(
    [write, ...(before?.fate === 'issued' ? [codeVoided(before, now)] : []), ...writes],
    {
      chain: chainOf(requestId),
      event: 'codeIssued',
      by,
      facts: { purpose, n: of.n, ...(recipient && { recipient }) },
    },
  );
  return recorded === 'recorded' ? code : undefined;
}

/**
 * Mails whoever a wait asks a new code for it. The first mail and each
 * reminder are the same: one without a code would be of no use to who never got the first.
 * @throws Error when no mail left, or somebody else issued a code at the same moment
 */
export async function mailCode(wait: WaitRow, purpose: CodePurpose, now: Date): Promise<void> {
  // Before a code is issued: the sweep comes again each minute.
  if (wait.recipient !== undefined) declaredRecipient(wait.recipient);
  const code = await newCodeFor(wait, purpose, now);
  if (code !== undefined)
    await sendCode(wait, purpose, code, { isReminder: wait.toldAt !== undefined });
}

/**
 * A new code for what a wait asks; `undefined`: it was answered meanwhile.
 * @throws Error when somebody else issued one at the same moment
 */
export async function newCodeFor(
  wait: WaitRow,
  purpose: AnyPurpose,
  now: Date,
): Promise<string | undefined> {
  const code = await issueCode(
    wait,
    purpose,
    // Refused once it is answered. That a mail came back, or that a code was locked, is over.
    { writes: [reasoned(wait, WAITING_REASON[purpose])], by: 'tell' },
    now,
  );
  if (code === undefined && !(await findWaitByKey(wait))?.answer)
    throw new Error('A code was issued by somebody else at the same moment.');
  return code;
}

/** For a package whose download was cut off: one more, as long as it is kept. */
export async function mailCodeAgain(
  wait: WaitRow,
  { by, expiresAt }: { by: string; expiresAt: string },
  now: Date,
): Promise<void> {
  const code = await issueCode(wait, 'collection', { writes: [], by, expiresAt }, now);
  if (code === undefined) throw new Error('A code was issued by somebody else at the same moment.');
  await sendCode({ ...wait, deadline: expiresAt }, 'collection', code, { isReminder: false });
}

async function sendCode(
  wait: WaitRow,
  purpose: CodePurpose,
  code: string,
  { isReminder }: { isReminder: boolean },
): Promise<void> {
  const address = await addressOf(wait);
  for (const mail of await mailsWithCode(wait, purpose, { code, isReminder }))
    await sendAbout(wait, address, mail);
}

/** That it comes back, if it does, is shown on the wait. */
export async function sendAbout(wait: WaitRow, to: string, mail: Mail): Promise<void> {
  const about = { requestId: wait.owner, wait: wait.sk };
  const messageId = await sendMail(to, mail);
  const { returned } = await noteSent(messageId, about);
  // Its notice may be quicker than this function.
  if (returned) await showReturned({ messageId, ...about, returned });
}
