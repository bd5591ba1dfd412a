import { type AnyPurpose, CODE_TRIES, type CodePurpose, spacedCode } from './code.ts';
import { openingCommand } from './export/package-name.ts';
import { REPLY_ABOVE } from './mail/above-quote.ts';
import { letter, list, type Mail } from './mails.ts';
import { ADMIN_CHANGE } from './registered-admin.ts';
import type { RequestKind, SubjectKind } from './request.ts';
import { spaced } from './spaced.ts';

/*
 * The mails of both loops: of the one that confirms a request, and of the one that hands a package
 * over. They go to the registered tenant admin alone. No subject holds a code or points at a person.
 */

const ASKED: Record<RequestKind, string> = {
  erasure: 'Erase everything that is held of this person',
  access: 'Hand over a copy of everything that is held of this person (GDPR Art. 15)',
  portability: 'Hand over what this person has provided, machine-readable (GDPR Art. 20)',
};

/** What a request asks, in words for people. */
export const askedWords = (kind: RequestKind, subjectKind: SubjectKind = 'customer'): string =>
  subjectKind === 'customer'
    ? ASKED[kind]
    : ASKED[kind].replace('this person', 'this user of the platform');

/** Parts of a moment, joined by us: each ICU has commas of its own. */
function partsOf(iso: string, timeZone: string): (type: string) => string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZone },
  } as const).formatToParts(new Date(iso));
  return (type) => parts.find((found) => found.type === type)?.value ?? '';
}

/** `Wednesday, 23 December 2026`, of a moment or of a day. */
export function dayWords(iso: string, timeZone: string): string {
  const part = partsOf(iso, iso.length === 10 ? 'UTC' : timeZone);
  return `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')}`;
}

/** `Wednesday, 23 December 2026, 10:00 (Europe/Berlin)`. */
export function momentWords(iso: string, timeZone: string): string {
  const part = partsOf(iso, timeZone);
  return `${dayWords(iso, timeZone)}, ${part('hour')}:${part('minute')} (${timeZone})`;
}

export const ONLY_ONE = `The code works once. After ${CODE_TRIES} wrong ones it is locked.`;

/** To the registered tenant admin: whether a request is to be carried out. */
export const confirmationMail = (asked: {
  requestId: string;
  kind: RequestKind;
  subjectKind?: SubjectKind;
  /** Who is meant, masked. */
  masked: string[];
  /** Days in words. */
  receivedOn: string;
  dueOn: string;
  /** The address of the page. */
  page: string;
  code: string;
  /** When it expires, in words; an erasure that nobody confirms does not. */
  until?: string;
  isReminder: boolean;
}): Mail => ({
  subject: `${asked.isReminder ? 'Still waiting: please' : 'Please'} confirm request ${asked.requestId}`,
  text: letter(
    REPLY_ABOVE,
    asked.isReminder
      ? `The request ${asked.requestId} still waits for you. This mail has a new code; the code of the mail before does not work any more.`
      : `A request has come in. Nothing is done before you confirm it.`,
    `${askedWords(asked.kind, asked.subjectKind)}:\n${list(asked.masked)}`,
    list([
      `request: ${asked.requestId}`,
      `received: ${asked.receivedOn}, to be answered by ${asked.dueOn}`,
    ]),
    `To confirm or to deny it, open this page and type the code:\n  ${asked.page}\n\n  Code: ${spacedCode(asked.code)}`,
    'Or answer this mail, with the code alone in the first line. To deny it so, write "deny" and the code.',
    `${ONLY_ONE} If you did not expect this request, deny it: whoever wrote it may not be who they say.`,
    asked.until
      ? `Without your answer, the request expires on ${asked.until}, and nothing is handed over.`
      : 'Without your answer, the operator is asked. The legal clock keeps running.',
    `Whom it is about, in full:\n  dsr show ${asked.requestId}`,
  ),
});

/** To the registered tenant admin: where the package is. The code goes in a mail of its own. */
export const packageMail = (offered: {
  requestId: string;
  page: string;
  until: string;
  isReminder: boolean;
  /** An age recipient. */
  encryptedFor?: string | undefined;
}): Mail => ({
  subject: `${offered.isReminder ? 'Still waiting: the' : 'The'} package of request ${offered.requestId}`,
  text: letter(
    `The data of the request ${offered.requestId} is ready${offered.isReminder ? ', and has not been collected yet' : ''}.`,
    `Collect it on this page:\n  ${offered.page}`,
    'The page asks for a code, which comes in a mail of its own. The package can be downloaded once.',
    offered.encryptedFor === undefined
      ? ''
      : `It is encrypted for the key that was registered when it was made:\n  ${offered.encryptedFor}\nIts private half opens it, with age:\n  ${openingCommand(offered.requestId)}`,
    `It is deleted on ${offered.until}, or a day after it was collected.`,
  ),
});

/** To the registered tenant admin: what opens the package, apart from where it is. */
export const packageCodeMail = (offered: { requestId: string; code: string }): Mail => ({
  subject: `The code for request ${offered.requestId}`,
  text: letter(
    `With this code, the package of the request ${offered.requestId} can be collected:`,
    `  Code: ${spacedCode(offered.code)}`,
    `Type it on the page whose address is in the other mail. ${ONLY_ONE} A code of an earlier mail does not work any more.`,
  ),
});

/** To the operator: nobody has confirmed an erasure, and the tenant admin was asked again. */
export const unconfirmedMail = (requestId: string, reasonCode: string): Mail => ({
  subject: `Request ${requestId} is not confirmed`,
  text: letter(
    `The request ${requestId} waits for the tenant admin to confirm it (${spaced(reasonCode)}), and nobody has. A new code was sent to the registered address just now. The legal clock keeps running.`,
    'Only that code confirms it. Reach the tenant admin by another way, or close the request:',
    `  dsr status ${requestId}\n  dsr decide ${requestId} refused --as operator --reason "…"`,
  ),
});

const RETURNED = {
  bounce: 'came back: the address took no mail',
  complaint: 'was marked as unwanted by its recipient',
};
export type Returned = keyof typeof RETURNED;

/** To the operator: the mail with a code has not reached the tenant admin, or a recipient. */
export const undeliverableMail = (
  requestId: string,
  { about, recipient }: { about: CodePurpose; recipient?: string | undefined },
  returned: Returned,
): Mail => ({
  subject: `Request ${requestId}: a mail could not be delivered`,
  text: letter(
    `The mail about the ${about} of the request ${requestId} to ${recipient ? `the recipient ${recipient}` : 'the tenant admin'} ${RETURNED[returned]}. The request waits, and its clocks keep running.`,
    `When the address takes mail again, send a new code:\n  dsr reissue ${requestId}`,
    'SES does not send to an address on its suppression list: take it off there first. docs/security.md says more.',
  ),
});

const LOCKED: Record<AnyPurpose, string> = {
  confirmation: 'Nothing was confirmed or denied by them.',
  collection: 'Nothing was handed over.',
  acknowledgement: 'Nothing was acknowledged.',
  [ADMIN_CHANGE]: 'The change of the tenant admin was neither confirmed nor denied by them.',
};

/**
 * To the operator, and to the tenant admin if the code was theirs: too many wrong ones were typed.
 * @param owner a request, or a change of the tenant admin
 */
export function lockedMail(owner: string, purpose: AnyPurpose): Mail {
  const isChange = purpose === ADMIN_CHANGE;
  const about = isChange ? 'Change of the tenant admin' : `Request ${owner}`;
  return {
    subject: `${about}: the code is locked`,
    text: letter(
      `${CODE_TRIES} wrong codes were typed on the page, or in replies, and the code does not work any more (${about}). ${LOCKED[purpose]}`,
      isChange
        ? 'If it was the one who got the code, the next reminder brings another.'
        : `If it was the one who got the code, a new one is all that is needed:\n  dsr reissue ${owner}\nA reminder brings one, too.`,
      'If it was not, somebody has the address of the page or has guessed at a reply; without a code they can do nothing else. Look at who reads the mailbox. The ledger has every try:',
      `  dsr ledger show ${isChange ? 'platform' : owner}`,
    ),
  };
}
