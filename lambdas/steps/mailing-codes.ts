import { type CodeOf, codeVoided, newCode, newestCode } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { findLink, linkOf, pageOf } from '../adapters/links.ts';
import { sendMail } from '../adapters/mail.ts';
import { getRequest } from '../adapters/requests.ts';
import { noteSent } from '../adapters/sent-mails.ts';
import { findWaitByKey, reasoned, type WaitRow } from '../adapters/waits.ts';
import { type CodePurpose, WAITING_REASON } from '../domain/code.ts';
import { RequestId } from '../domain/ids.ts';
import {
  confirmationMail,
  dayWords,
  momentWords,
  packageCodeMail,
  packageMail,
} from '../domain/loop-mails.ts';
import type { Mail } from '../domain/mails.ts';
import { showReturned } from './returned-mails.ts';

/** Whom a code is for: the registered address, whoever asked and whatever they wrote. */
export const codeFor = (requestId: string, purpose: CodePurpose, n: number): CodeOf => {
  const { tenantAdmin } = platformDefinition().platform;
  return { requestId, purpose, n, address: tenantAdmin.email };
};

/**
 * Issues a new code and voids the one before: nobody has kept that one, so that a mail that did not
 * leave, was lost or came back cannot be sent again. `undefined`: it was answered meanwhile.
 */
async function issueCode(
  requestId: string,
  purpose: CodePurpose,
  { writes, by, expiresAt }: { writes: Write[]; by: string; expiresAt?: string },
  now: Date,
): Promise<string | undefined> {
  const before = await newestCode(requestId, purpose);
  const of = codeFor(requestId, purpose, (before?.n ?? 0) + 1);
  const { code, write } = await newCode(of, now, expiresAt);
  const recorded = await recordChange(
    [write, ...(before?.fate === 'issued' ? [codeVoided(before, now)] : []), ...writes],
    { chain: `request/${requestId}`, event: 'codeIssued', by, facts: { purpose, n: of.n } },
  );
  return recorded === 'recorded' ? code : undefined;
}

/**
 * Mails the registered tenant admin a new code for what a wait asks. The first mail and each
 * reminder are the same: one without a code would be of no use to who never got the first.
 * @throws Error when no mail left, or somebody else issued a code at the same moment
 */
export async function mailCode(wait: WaitRow, purpose: CodePurpose, now: Date): Promise<void> {
  const code = await issueCode(
    wait.owner,
    purpose,
    // Refused once it is answered. That a mail came back, or that a code was locked, is over.
    { writes: [reasoned(wait, WAITING_REASON[purpose])], by: 'tell' },
    now,
  );
  if (code === undefined) {
    if ((await findWaitByKey(wait))?.answer) return;
    throw new Error('A code was issued by somebody else at the same moment.');
  }
  await sendCode(wait, purpose, code, { isReminder: wait.toldAt !== undefined });
}

/** For a package whose download was cut off: one more, as long as it is kept. */
export async function mailCodeAgain(
  wait: WaitRow,
  { by, expiresAt }: { by: string; expiresAt: string },
  now: Date,
): Promise<void> {
  const code = await issueCode(wait.owner, 'collection', { writes: [], by, expiresAt }, now);
  if (code === undefined) throw new Error('A code was issued by somebody else at the same moment.');
  await sendCode({ ...wait, deadline: expiresAt }, 'collection', code, { isReminder: false });
}

async function sendCode(
  wait: WaitRow,
  purpose: CodePurpose,
  code: string,
  { isReminder }: { isReminder: boolean },
): Promise<void> {
  const { platform } = platformDefinition();
  const { owner: requestId, deadline, expires } = wait;
  const link = await linkOf(requestId, purpose);
  const page = pageOf(purpose, link);
  const until = deadline && momentWords(deadline, platform.timeZone);
  const mails: Mail[] = [];
  if (purpose === 'confirmation') {
    const { kind, subjectKind, receivedAt, dueOn } = await getRequest(RequestId.parse(requestId));
    const { shown = { masked: [] } } = (await findLink(link)) ?? {};
    const [receivedOn = '', dueBy = ''] = [receivedAt, dueOn].map((day) =>
      dayWords(day, platform.timeZone),
    );
    const asked = { requestId, kind, ...shown, receivedOn, dueOn: dueBy, page, code, isReminder };
    mails.push(confirmationMail({ ...asked, subjectKind, until: expires ? until : undefined }));
  } else {
    mails.push(packageMail({ requestId, page, until: until ?? 'the day after', isReminder }));
    mails.push(packageCodeMail({ requestId, code }));
  }
  for (const mail of mails) {
    const messageId = await sendMail(platform.tenantAdmin.email, mail);
    const { returned } = await noteSent(messageId, { requestId, wait: wait.sk });
    // Its notice may be quicker than this function.
    if (returned) await showReturned({ messageId, requestId, wait: wait.sk, returned });
  }
}
