import { letter, list, type Mail } from '../mails.ts';
import { maskIdentity } from '../masking.ts';
import { REPLY_ABOVE } from './above-quote.ts';
import type { Fate } from './fate.ts';
import type { MailResult, RecordedFate } from './recorded.ts';
import type { MailRole } from './registered.ts';
import type { Wish } from './understand.ts';

/** A mail to a registered address, never to the address that somebody wrote in a message. */
export interface Reply {
  to: Exclude<MailRole, 'sourceOwner' | 'recipient'> | 'author';
  mail: Mail;
}

const answerable = (...paragraphs: string[]): string => letter(REPLY_ABOVE, ...paragraphs);

/** To the operator alone: nothing is known of the message but its id. */
export const unhandledNotice = (mailId: string): Reply => ({
  to: 'operator',
  mail: {
    subject: 'A mail could not be handled',
    text: letter(
      'A message to the address for requests was read again and again, and each time that failed. It may be a request, and then its legal clock runs.',
      `What it says:\n  dsr mail show ${mailId}   (shows personal data)`,
      `Once what failed is repaired, to have it read again:\n  dsr mail again ${mailId}`,
      'Otherwise open the request by hand: dsr erase or dsr export, with --received-at.',
    ),
  },
});

/** What is written for one message; nothing to anybody whom the platform does not know. */
export function repliesTo(mailId: string, fate: Fate, recorded: RecordedFate): Reply[] {
  if (recorded.notice === 'unhandled') return [unhandledNotice(mailId)];
  if (recorded.notice) return [{ to: 'operator', mail: noticeMail(recorded.notice) }];
  if (recorded.fate === 'duplicate' || recorded.fate === 'limited') return [];
  switch (fate.fate) {
    case 'request':
      return [{ to: 'author', mail: understoodMail(fate.wishes, recorded.results) }];
    case 'confirmation':
    case 'denial':
    case 'acknowledgement':
      return [{ to: 'author', mail: codeMail(fate, recorded.results) }];
    case 'decision':
      return [{ to: 'author', mail: decisionMail(recorded.results) }];
    case 'refresh':
      return [{ to: 'author', mail: refreshMail(fate) }];
    case 'unclear':
      return [{ to: 'author', mail: howToWriteMail(fate) }];
    case 'intake':
      return [{ to: 'tenantAdmin', mail: intakeMail(mailId, fate, recorded.results) }];
    case 'ignored':
    case 'quarantined':
      return [];
    default:
      return fate satisfies never;
  }
}

const WORDS: Record<Wish['kind'], (whom: string) => string> = {
  erasure: (whom) => `erase everything that is held of ${whom}`,
  access: (whom) => `hand over a copy of everything that is held of ${whom} (Art. 15)`,
  portability: (whom) => `hand over, machine-readable, what ${whom} has provided (Art. 20)`,
};

const wishWords = ({ kind, subjectKind, identity }: Wish): string =>
  WORDS[kind](`the ${subjectKind} with ${maskIdentity(identity)}`);

function resultWords({ outcome, requestId }: MailResult): string {
  if (outcome === 'opened') return `request ${requestId} is open`;
  if (outcome === 'alreadyOpen') return `request ${requestId} is open for it already`;
  return 'this could not be read as an identity; write it as the source writes it';
}

const understoodMail = (wishes: Wish[], results: MailResult[]): Mail => ({
  subject: 'What was understood of your mail',
  text: answerable(
    `Your mail was understood like this:\n${list(
      wishes.map((wish, at) => {
        const result = results[at];
        return `${wishWords(wish)}: ${result ? resultWords(result) : 'not opened'}`;
      }),
    )}`,
    'Nothing is done before it is confirmed: a mail with a code comes for each request. If something was misunderstood, deny it there.',
  ),
});

const CODE_WORDS: Record<string, string> = {
  accepted: 'The code was right, and your answer is recorded.',
  alreadyUsed: 'This code was used before; nothing has changed.',
  wrongCode: 'The code is not the one that was sent for this request; nothing has changed.',
  locked:
    'Too many wrong codes: this code does not work any more. A new one comes with the next reminder.',
  expired: 'The code has expired; nothing has changed.',
  unknown: 'This request waits for no code; nothing has changed.',
};

function codeMail(
  { fate, requestId }: Fate & { fate: 'confirmation' | 'denial' | 'acknowledgement' },
  [result]: MailResult[],
): Mail {
  const outcome = result?.outcome ?? 'unknown';
  const left = result?.triesLeft;
  return {
    subject: `Request ${requestId}: ${outcome === 'accepted' ? ANSWERED[fate] : 'not changed'}`,
    text: answerable(
      CODE_WORDS[outcome] ?? 'Nothing has changed.',
      left === undefined ? '' : `Tries left: ${left}.`,
      fate === 'acknowledgement' ? '' : `How it stands:\n  dsr status ${requestId}`,
    ),
  };
}

const ANSWERED = { confirmation: 'confirmed', denial: 'denied', acknowledgement: 'acknowledged' };

const decisionMail = (results: MailResult[]): Mail => ({
  subject: 'Your answer',
  text: answerable(
    list(
      results.map(({ requestId, outcome }) =>
        outcome === 'accepted'
          ? `request ${requestId}: recorded, it goes on`
          : `request ${requestId}: nothing has changed (${outcome})`,
      ),
    ),
    'What waits, and what may be decided:\n  dsr list --open',
  ),
});

const refreshMail = ({ sources }: Fate & { fate: 'refresh' }): Mail => ({
  subject: 'A refresh is queued',
  text: answerable(
    `${sources.length > 0 ? `The source ${sources.join(', ')} is` : 'All sources are'} refreshed by the next cycle.`,
    `That decides about no request. What waits is decided by whom it waits on:\n${WHOM_TO_ASK}`,
    'How it goes:\n  dsr sources',
  ),
});

const WHY: Record<string, string> = {
  noWord: 'It holds no word for what is wanted.',
  noAddress: 'It names nobody.',
  severalKinds: 'It asks for different things, and which is meant for whom is not plain.',
  negated: 'It holds a "not", and what is wanted is not plain.',
  tooMany: 'It names more than twenty people; please write several mails.',
  severalCodes: 'It holds more than one code.',
  besideCode: 'It holds more than the code, and what is meant is not plain. Write the code alone.',
  noCode: 'It holds no code in its first lines.',
  noWish: 'Requests come from the tenant admin; answers name the request that they are about.',
  decidesNothing:
    'The support contact decides nothing by mail: requests come from the tenant admin, and what waits is decided by whom it waits on.',
};

/** Of what the support contact is told, who decides. */
const WHOM_TO_ASK = list([
  'a refresh that failed for good, or a model that failed: the operator',
  'a refresh that was held because it would lose most rows: the tenant admin',
  'a person whom a source still holds: the owner of the source',
]);

function howToWriteMail({ as, reason }: Fate & { fate: 'unclear' }): Mail {
  const forAdmin = as.includes('tenantAdmin');
  if (reason === 'decidesNothing')
    return {
      subject: 'Your mail decides nothing',
      text: answerable(
        `Nothing was done with your mail. ${WHY.decidesNothing}`,
        `Ask them to decide:\n${WHOM_TO_ASK}`,
        'To have a source refreshed again after its repair, answer the mail about it with one word in the first line: retry.',
        'What waits, and on whom:\n  dsr list --open\n  dsr sources',
      ),
    };
  return {
    subject: 'Your mail was not understood',
    text: answerable(
      `Nothing was done with your mail. ${WHY[reason] ?? ''}`,
      forAdmin
        ? 'To ask for something, name what and for whom, in the subject or in the first lines:\n  export anna@example.org\n  portability anna@example.org\n  delete anna@example.org\n  export user ben@example.org'
        : 'Only replies that decide something are read from this address.',
      forAdmin
        ? 'To confirm a request, answer its mail with the code alone in the first line, above what is quoted; to deny it, write "deny" and the code.'
        : '',
      as.includes('recipient')
        ? 'To acknowledge that a person is erased, answer the mail that named them with the code alone in the first line, above what is quoted.'
        : '',
      as.every((role) => role === 'recipient')
        ? ''
        : 'To decide what a request asks, answer its mail with one word in the first line: done, retry.',
    ),
  };
}

const intakeMail = (
  mailId: string,
  { wish }: Fate & { fate: 'intake' },
  [result]: MailResult[],
): Mail => ({
  subject: 'Somebody who is not registered has written',
  text: letter(
    wish && result?.requestId
      ? `A person asks to ${wishWords(wish)}: ${resultWords(result)}. The legal clock runs from the day on which the mail came in. Nothing is done before you confirm it: a mail with a code comes.`
      : 'A person has written to the address for requests, and what is wanted is not plain. If it is a request, the legal clock runs from the day on which the mail came in; open it by hand.',
    `The mail itself:\n  dsr mail show ${mailId}   (shows personal data)`,
    'The person was not answered.',
  ),
});

const noticeMail = (notice: 'quarantine' | 'limit'): Mail =>
  notice === 'quarantine'
    ? {
        subject: 'Mail in quarantine',
        text: letter(
          'A message to the address for requests could not be trusted, and lies in quarantine. It may still be a request, and then its legal clock runs. More of them within this hour are not told of.',
          'Which, why, and what they say:\n  dsr mail\n  dsr mail show <id>   (shows personal data)',
        ),
      }
    : {
        subject: 'Too much mail',
        text: letter(
          'More mail has come in within an hour than is acted upon. What comes beyond the limit is recorded, and nothing is done with it; requests may be among it.',
          'Which:\n  dsr mail\nThe limits: mailDoor in platform.yaml',
        ),
      };
