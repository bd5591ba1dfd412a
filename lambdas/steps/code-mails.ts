import { platformDefinition } from '../adapters/configuration.ts';
import { findLink, linkOf, pageOf } from '../adapters/links.ts';
import { getRequest, getSubject } from '../adapters/requests.ts';
import { type WaitRow, whichOf } from '../adapters/waits.ts';
import type { CodePurpose } from '../domain/code.ts';
import { RequestId } from '../domain/ids.ts';
import {
  confirmationMail,
  dayWords,
  momentWords,
  packageCodeMail,
  packageMail,
} from '../domain/loop-mails.ts';
import type { Mail } from '../domain/mails.ts';
import { recipientMail } from '../domain/recipient-mail.ts';
import { identitiesKnownTo, type Recipient } from '../domain/recipients.ts';
import { findPackage } from './made-package.ts';

interface WithCode {
  code: string;
  isReminder: boolean;
}

/** The mails that hand a code over. A package's page and its code go apart. */
export async function mailsWithCode(
  wait: WaitRow,
  purpose: CodePurpose,
  { code, isReminder }: WithCode,
): Promise<Mail[]> {
  const { timeZone } = platformDefinition().platform;
  const { owner: requestId, deadline, expires } = wait;
  const link = await linkOf(requestId, purpose, whichOf(wait));
  const page = pageOf(purpose, link);
  const until = deadline && momentWords(deadline, timeZone);
  switch (purpose) {
    case 'confirmation': {
      const asked = await confirmationAsked(requestId, link);
      const ends = expires ? until : undefined;
      return [confirmationMail({ ...asked, page, code, until: ends, isReminder })];
    }
    case 'collection': {
      const made = await findPackage(RequestId.parse(requestId));
      const offered = { requestId, page, until: until ?? 'the day after', isReminder };
      return [
        packageMail({ ...offered, encryptedFor: made?.encryptedFor }),
        packageCodeMail({ requestId, code }),
      ];
    }
    case 'acknowledgement':
      return [recipientMail({ ...(await toldOf(wait)), page, code, until, isReminder })];
    default:
      return purpose satisfies never;
  }
}

async function confirmationAsked(requestId: string, link: string) {
  const { timeZone } = platformDefinition().platform;
  const { kind, subjectKind, receivedAt, dueOn } = await getRequest(RequestId.parse(requestId));
  const { shown = { masked: [] } } = (await findLink(link)) ?? {};
  const [receivedOn = '', dueBy = ''] = [receivedAt, dueOn].map((day) => dayWords(day, timeZone));
  return { requestId, kind, subjectKind, ...shown, receivedOn, dueOn: dueBy };
}

/** What is known of the person by now, in the types by which a recipient knows people. */
async function toldOf({ owner, recipient = '' }: WaitRow) {
  const requestId = RequestId.parse(owner);
  const { platform } = platformDefinition().platform;
  const known = declaredRecipient(recipient);
  const { seed, subject } = await getSubject(requestId);
  const unique = [...subject.unique, ...seed];
  const identities = identitiesKnownTo(known, { unique, shared: subject.shared });
  return { requestId, platform, title: known.title, receives: known.receives, identities };
}

/** @throws Error for one whom platform.yaml names no more */
export function declaredRecipient(name: string): Recipient {
  const declared = platformDefinition().platform.recipients[name];
  if (declared) return declared;
  throw new Error(`The recipient ${name} is not declared any more: put it back, or wait.`);
}
