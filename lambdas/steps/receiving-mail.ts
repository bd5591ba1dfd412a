import { platformDefinition } from '../adapters/configuration.ts';
import {
  isAmongFirst,
  isRepeated,
  type MailRow,
  noteReplied,
  readRawMail,
  recordFate,
  takeMail,
} from '../adapters/inbound-mail.ts';
import { sendMail } from '../adapters/mail.ts';
import { recognise } from '../adapters/recognition.ts';
import { registeredPlatform } from '../adapters/registered-admin.ts';
import { type Fate, fateOf } from '../domain/mail/fate.ts';
import type { ArrivedMail } from '../domain/mail/inbound.ts';
import type { Message, ReadMessage } from '../domain/mail/message.ts';
import { readMessage } from '../domain/mail/read-message.ts';
import { opaqueWords, type RecordedFate } from '../domain/mail/recorded.ts';
import { type Reply, repliesTo } from '../domain/mail/replies.ts';
import { act, type Desk } from './acting-on-mail.ts';

/**
 * One message: read, judged, taken in, acted upon, its fate recorded, answered; each so that a
 * second delivery, or a crash between any two, ends in the same. Its fate is recorded once.
 */
export async function receiveOne(arrived: ArrivedMail, desk: Desk, now: Date) {
  const { mailId, envelopeFrom } = arrived;
  const platform = await registeredPlatform();
  const row = await takeMail(arrived, now);
  const read = await readMessage(await readRawMail(mailId), envelopeFrom);
  const fate = fateOf({ read, verdicts: row.verdicts, platform });
  const author = read.outcome === 'read' ? read.message.from : undefined;
  const deliver = (recorded: RecordedFate) =>
    answer(mailId, repliesTo(mailId, fate, recorded), author, now);
  if (row.fate) {
    if (!row.repliedAt) await deliver(recordedOf(row, row.fate));
    return { outcome: 'alreadyRecorded' as const, fate: row.fate };
  }
  const isActedOn = fate.fate !== 'quarantined' && fate.fate !== 'ignored';
  const isDuplicate =
    isActedOn &&
    read.outcome === 'read' &&
    (await isRepeated(mailId, await recogniseMessage(read.message), now));
  const recorded: RecordedFate = isDuplicate
    ? { fate: 'duplicate', results: [] }
    : await judge(row, fate, read, now);
  if (recorded.fate === fate.fate) recorded.results = await act(fate, arrived, desk, now);
  // Refused: the same message was handled twice at once, and the other was first.
  if ((await recordFate(mailId, recorded, now)) === 'recorded') await deliver(recorded);
  return { outcome: recorded.fate, fate: recorded.fate };
}

/** Of one author, so that nobody else can have a message taken for a repetition. */
const recogniseMessage = ({ from = '', messageId, date, subject, ownLines }: Message) => {
  const words = messageId ?? JSON.stringify([date, subject, ownLines]);
  return recognise([{ type: 'message', value: `${from} ${words}` }], ['mail']);
};

/** What the rows say beside the message itself: too many of its kind. */
async function judge(
  row: MailRow,
  fate: Fate,
  read: ReadMessage,
  now: Date,
): Promise<RecordedFate> {
  const words = opaqueWords(fate);
  const isFirst = (what: string) => isAmongFirst(row, { what, within: 'hour', most: 1 }, now);
  if (fate.fate === 'ignored') return { ...words, results: [] };
  if (fate.fate === 'quarantined')
    return { ...words, results: [], ...((await isFirst('quarantine')) && QUARANTINE) };
  const limit = read.outcome === 'read' && (await limitMet(row, fate, read.message, now));
  if (limit)
    return {
      ...{ fate: 'limited', reason: limit, results: [] },
      ...((await isFirst('limited')) && LIMIT),
    };
  return { ...words, results: [] };
}

const QUARANTINE = { notice: 'quarantine' } as const;
const LIMIT = { notice: 'limit' } as const;

/** A program that hides what it is says the same again and again; a person does so for a while. */
const SAME_WORDS_A_DAY = 3;
const REQUEST_IDS = /0[0-9A-Z]{25}/gi;

async function limitMet(
  row: MailRow,
  fate: Fate,
  { from = '', subject, ownLines }: Message,
  now: Date,
): Promise<'sameWords' | 'sender' | 'intake' | undefined> {
  const { mailDoor } = platformDefinition().platform;
  const isBeyond = async (most: number, what: string, value: string, within: 'hour' | 'day') => {
    const counted = `${what}#${await recognise([{ type: what, value }], ['mail'])}`;
    return !(await isAmongFirst(row, { what: counted, within, most }, now));
  };
  const about =
    'requestIds' in fate ? fate.requestIds : 'requestId' in fate ? [fate.requestId] : [];
  const words = JSON.stringify([from, subject.replace(REQUEST_IDS, ''), ownLines, about]);
  if (await isBeyond(SAME_WORDS_A_DAY, 'words', words, 'day')) return 'sameWords';
  // Five tries limit those.
  if (['confirmation', 'denial', 'acknowledgement'].includes(fate.fate)) return undefined;
  if (!mailDoor || (await isBeyond(mailDoor.perSenderAnHour, 'author', from, 'hour')))
    return 'sender';
  const { intakeAnHour: most } = mailDoor;
  const isStranger = fate.fate === 'intake';
  if (isStranger && !(await isAmongFirst(row, { what: 'intake', within: 'hour', most }, now)))
    return 'intake';
  return undefined;
}

const recordedOf = (row: MailRow, fate: RecordedFate['fate']): RecordedFate => ({
  fate,
  reason: row.reason,
  results: row.results ?? [],
  notice: row.notice,
});

/** To registered addresses alone: the author is one of them where the author is answered. */
export async function answer(
  mailId: string,
  replies: Reply[],
  author: string | undefined,
  now: Date,
): Promise<void> {
  const platform = await registeredPlatform();
  for (const { to, mail } of replies) {
    const address = to === 'author' ? author : platform[to].email;
    if (address) await sendMail(address, mail);
  }
  await noteReplied(mailId, now);
}
