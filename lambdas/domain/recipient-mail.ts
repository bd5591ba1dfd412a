import { spacedCode } from './code.ts';
import type { Identity } from './identity.ts';
import { ONLY_ONE } from './loop-mails.ts';
import { REPLY_ABOVE } from './mail/above-quote.ts';
import { letter, list, type Mail } from './mails.ts';

/** A value that holds a line break would look like lines of ours. */
const inOneLine = (value: string): string => value.replace(/\p{C}+/gu, ' ');

/**
 * To a recipient: whom to erase, by what they know people by. The one mail that names a person in
 * full; its subject does not.
 */
export const recipientMail = (told: {
  requestId: string;
  platform: string;
  title: string;
  /** Models and segments. */
  receives: string[];
  identities: Identity[];
  page: string;
  code: string;
  /** In words. */
  until?: string | undefined;
  isReminder: boolean;
}): Mail => ({
  subject: `${told.isReminder ? 'Still waiting: please' : 'Please'} erase, request ${told.requestId}`,
  text: letter(
    REPLY_ABOVE,
    told.isReminder
      ? `You were told of this before, and have not acknowledged it yet. This mail has a new code; the code of the mail before does not work any more.`
      : `To ${told.title}: a person has asked to be erased, and stood in what you receive from ${told.platform} (${told.receives.join(', ')}). The law wants you told (GDPR Art. 19).`,
    'Please erase this person from what you received, and whatever you made of it:\n' +
      list(told.identities.map(({ type, value }) => `${type}: ${inOneLine(value)}`)),
    `Request: ${told.requestId}`,
    `When that is done, open this page and type the code:\n  ${told.page}\n\n  Code: ${spacedCode(told.code)}`,
    'Or answer this mail, with the code alone in the first line.',
    ONLY_ONE,
    told.until
      ? `Without your answer by ${told.until}, the certificate of the erasure says that you were told and have not acknowledged.`
      : '',
    'This mail names a person: pass it on to nobody, and delete it when you are done.',
  ),
});
