import { findMail, type MailRow, mailsListed, readRawMail } from '../adapters/inbound-mail.ts';
import { recordChange } from '../adapters/ledger.ts';
import type { DisclosedMail, ListedMail } from '../domain/mail/desk.ts';
import { readMessage } from '../domain/mail/read-message.ts';

const MOST_LISTED = 200;

/** What came in and what became of it, newest first: opaque words and ids alone. */
export async function listMails(): Promise<ListedMail[]> {
  const listed: ListedMail[] = [];
  for await (const row of mailsListed()) {
    listed.push(listedOf(row));
    if (listed.length === MOST_LISTED) break;
  }
  return listed;
}

const listedOf = ({ mailId, receivedAt, fate, reason, header, results = [] }: MailRow) => ({
  ...{ mailId, receivedAt, fate, reason, header },
  requestIds: results.flatMap(({ requestId }) => requestId ?? []),
});

/** What somebody wrote, to whoever may see it; the ledger tells who did. */
export async function discloseMail(mailId: string, by: string): Promise<DisclosedMail> {
  const row = await findMail(mailId);
  if (!row) return { outcome: 'unknown' };
  const raw = await readRawMail(mailId).catch(() => undefined);
  if (raw === undefined) return { outcome: 'gone' };
  await recordChange([], {
    chain: 'mail',
    event: 'mailDisclosed',
    by,
    facts: { mail: mailId },
  });
  const read = await readMessage(raw);
  if (read.outcome === 'unreadable') return { outcome: 'unreadable' };
  const { from, subject, ownLines } = read.message;
  return { outcome: 'disclosed', from, subject, lines: ownLines };
}
