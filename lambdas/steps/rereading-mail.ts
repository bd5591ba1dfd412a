import { findMail, type MailRow, recordFate } from '../adapters/inbound-mail.ts';
import {
  countReading,
  reopenMail,
  type StoredMail,
  storedAtOf,
  unreadMails,
} from '../adapters/unread-mail.ts';
import type { RereadAnswer } from '../domain/mail/desk.ts';
import type { ArrivedMail } from '../domain/mail/inbound.ts';
import { unhandledNotice } from '../domain/mail/replies.ts';
import { isEventLost, nextReading } from '../domain/mail/unread.ts';
import type { Desk } from './acting-on-mail.ts';
import { answer, receiveOne } from './receiving-mail.ts';
import { regardless } from './regardless.ts';

/** As many as one call has time for; the next one goes on. */
const MOST_AT_ONCE = 25;

/**
 * Reads messages again that came to no end: the function was not called for them, or failed as
 * often as Lambda tries. Whoever cannot be handled is told of to the operator, once.
 */
export async function rereadMails(desk: Desk, now: Date): Promise<number> {
  const due = (await unreadMails()).filter((stored) => isDue(stored, now)).slice(0, MOST_AT_ONCE);
  await regardless(due, ({ mailId, storedAt, row }) =>
    row ? rereadOrGiveUp(row, desk, now) : receiveOne(lost(mailId, storedAt), desk, now),
  );
  return due.length;
}

const isDue = ({ row, storedAt }: StoredMail, now: Date): boolean =>
  row ? nextReading(row, now) !== 'later' : isEventLost(storedAt, now);

async function rereadOrGiveUp(row: MailRow, desk: Desk, now: Date): Promise<void> {
  if (nextReading(row, now) === 'giveUp') return giveUp(row, now);
  if ((await countReading(row)) === 'recorded') await receiveOne(arrivedAs(row), desk, now);
}

/** A fate that it has already stays: then the answer alone never left. */
async function giveUp({ mailId, fate }: MailRow, now: Date): Promise<void> {
  const unhandled = { fate: 'unhandled' as const, notice: 'unhandled' as const, results: [] };
  if (!fate) await recordFate(mailId, unhandled, now);
  await answer(mailId, [unhandledNotice(mailId)], undefined, now);
}

/** Somebody has repaired what failed. */
export async function rereadMail(
  mailId: string,
  by: string,
  desk: Desk,
  now: Date,
): Promise<RereadAnswer> {
  const row = await findMail(mailId);
  if (row?.fate && row.fate !== 'unhandled' && row.repliedAt)
    return { outcome: 'alreadyHandled', fate: row.fate };
  const storedAt = await storedAtOf(mailId);
  if (!storedAt) return { outcome: row ? 'gone' : 'unknown' };
  if (!row && !isEventLost(storedAt, now)) return { outcome: 'onItsWay' };
  if (row?.fate === 'unhandled') await reopenMail(mailId, by);
  const { fate } = await receiveOne(row ? arrivedAs(row) : lost(mailId, storedAt), desk, now);
  return { outcome: 'handled', fate };
}

const arrivedAs = ({ mailId, receivedAt, isBounce, verdicts }: MailRow): ArrivedMail => ({
  ...{ mailId, receivedAt },
  ...(isBounce && { envelopeFrom: '' }),
  ...(verdicts && { verdicts }),
});

const lost = (mailId: string, storedAt: Date): ArrivedMail => ({
  mailId,
  receivedAt: storedAt.toISOString(),
});
