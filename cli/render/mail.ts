import { inBothSpellings } from '../../lambdas/domain/internationalised.ts';
import type { DisclosedMail, ListedMail } from '../../lambdas/domain/mail/desk.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, localTime } from '../clock.ts';
import type { MailboxMail } from '../mailbox.ts';
import { table } from '../table.ts';

export function renderMails(mails: ListedMail[], clock: Clock): string {
  if (mails.length === 0) return 'No mail has come in.';
  return table(
    ['Message', 'Received', 'Fate', 'Requests'],
    mails.map(({ mailId, receivedAt, fate, reason, header, requestIds }) => [
      mailId,
      localTime(receivedAt, clock),
      [fate ? spaced(fate) : 'not handled yet', reason && spaced(reason), header]
        .filter(Boolean)
        .join(', '),
      requestIds.join(' '),
    ]),
  );
}

export const renderMail = ({
  from = '(several or none)',
  subject,
  lines,
}: Extract<DisclosedMail, { outcome: 'disclosed' }>): string =>
  [`From: ${inBothSpellings(from)}`, `Subject: ${subject}`, '', ...lines].map(printable).join('\n');

/** A stranger wrote it: nothing of it may steer a terminal. */
const printable = (line: string): string => line.replace(/\p{Cc}|\p{Cf}/gu, '�');

export const renderMailbox = (mails: MailboxMail[]): string =>
  mails.length === 0
    ? 'Nothing was sent yet.'
    : table(
        ['', 'To', 'Subject'],
        mails.map(({ number, to, subject }) => [number, to, subject]),
        [0],
      );
