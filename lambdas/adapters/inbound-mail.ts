import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type ArrivedMail, INBOUND_PREFIX } from '../domain/mail/inbound.ts';
import type { RecordedFate } from '../domain/mail/recorded.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo, getRow, query, transact } from './dynamo.ts';
import { storage } from './lake/lake-storage.ts';
import { recordChange } from './ledger.ts';

/** A person's words come first; what is attached may be cut off. */
const BYTES_READ = 1024 * 1024;
const DAY_SECONDS = 86_400;
/** For so long a message that is delivered again is known. */
const KEPT_DAYS = 400;
/** As long as the raw message may be read again. */
const COUNTED_DAYS = 15;

/** One message that came in. Times are ISO 8601 UTC. */
export interface MailRow extends Partial<RecordedFate> {
  mailId: string;
  receivedAt: string;
  takenAt: string;
  /** What SES said of it; absent where that never reached us. */
  verdicts?: ArrivedMail['verdicts'];
  /** Its envelope named no sender. */
  isBounce?: boolean;
  /** How often it was read again, because it came to no end. */
  readings?: number;
  recordedAt?: string;
  /** When what had to be written was written. */
  repliedAt?: string;
}

export const mails = () => storage(configuration().inboundMailBucket);

/** The first bytes of a raw message. @throws when it is not there: SES stores it before it calls */
export const readRawMail = (mailId: string): Promise<Uint8Array> =>
  mails().head(`${INBOUND_PREFIX}${mailId}`, BYTES_READ);

const table = () => configuration().requestsTable;
export const mailKey = (mailId: string) => ({ pk: `MAIL#${mailId}`, sk: 'MAIL' });
const messageKey = (mac: string) => ({ pk: `MAIL#message#${mac}`, sk: 'MAIL' });

/**
 * Takes a message in, before anything of it is read: whatever comes of that, it is known that it
 * came, and what SES said. Answers its row, which may be of an earlier delivery.
 */
export async function takeMail(
  { mailId, receivedAt, envelopeFrom, verdicts }: ArrivedMail,
  now: Date,
): Promise<MailRow> {
  const row: MailRow = {
    ...{ mailId, receivedAt, takenAt: now.toISOString() },
    ...(verdicts && { verdicts }),
    ...(envelopeFrom === '' && { isBounce: true }),
  };
  const listed = { duePartition: 'MAIL', dueAt: receivedAt };
  const written = await transact([
    put({ ...mailKey(mailId), ...row, ...listed, expiresAt: expiry(now) }),
  ]);
  return written.outcome === 'written' ? row : ((await findMail(mailId)) ?? row);
}

/**
 * Whether the same message came before under another id. The first that asks keeps the place,
 * however often it is delivered.
 * @param message keyed hash of author and Message-ID
 */
export async function isRepeated(mailId: string, message: string, now: Date): Promise<boolean> {
  const { Put } = put({ ...messageKey(message), mailId, expiresAt: expiry(now) });
  const claimed = await transact([
    {
      Put: {
        ...Put,
        ConditionExpression: `${Put.ConditionExpression} OR mailId = :mailId`,
        ExpressionAttributeValues: { ':mailId': mailId },
      },
    },
  ]);
  return claimed.outcome === 'refused';
}

const put = (Item: Record<string, unknown>) => ({
  Put: { TableName: table(), Item, ConditionExpression: 'attribute_not_exists(pk)' },
});

export const findMail = (mailId: string): Promise<MailRow | undefined> =>
  getRow<MailRow>(table(), mailKey(mailId).pk, mailKey(mailId).sk);

/** Newest first. */
export const mailsListed = (): AsyncGenerator<MailRow> =>
  query<MailRow>({
    TableName: table(),
    IndexName: 'due',
    ScanIndexForward: false,
    KeyConditionExpression: 'duePartition = :mail',
    ExpressionAttributeValues: { ':mail': 'MAIL' },
  });

/** Once for each message; refused when its fate is recorded already. */
export const recordFate = (
  mailId: string,
  recorded: RecordedFate,
  now: Date,
): Promise<'recorded' | 'refused'> =>
  recordChange(
    [
      {
        Update: {
          TableName: table(),
          Key: mailKey(mailId),
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(fate)',
          ...assignments({ ...recorded, recordedAt: now.toISOString() }),
        },
      },
    ],
    {
      chain: 'mail',
      event: 'mailReceived',
      by: 'mail',
      facts: {
        mail: mailId,
        fate: recorded.fate,
        reason: recorded.reason ?? 'none',
        requests: recorded.results.flatMap(({ requestId }) => requestId ?? []).join(' '),
      },
    },
  );

export async function noteReplied(mailId: string, now: Date): Promise<void> {
  await dynamo.send(
    new UpdateCommand({
      TableName: table(),
      Key: mailKey(mailId),
      ConditionExpression: 'attribute_exists(pk)',
      ...assignments({ repliedAt: now.toISOString() }),
    }),
  );
}

/** Messages of one kind that came within one hour or day (UTC). */
export interface Counted {
  /** Opaque. */
  what: string;
  within: 'hour' | 'day';
  /** So many are the first. */
  most: number;
}

/**
 * Whether a message is among the first `most` of its kind. It is counted once, by its id and by
 * when it came in: however often it is delivered, the answer stays.
 */
export async function isAmongFirst(
  { mailId, receivedAt }: Pick<MailRow, 'mailId' | 'receivedAt'>,
  { what, within, most }: Counted,
  now: Date,
): Promise<boolean> {
  const period = receivedAt.slice(0, within === 'hour' ? 13 : 10);
  const { outcome } = await transact([
    {
      Update: {
        TableName: table(),
        Key: { pk: `MAIL#count#${what}#${period}`, sk: 'MAIL' },
        UpdateExpression: 'ADD mails :one SET expiresAt = :then',
        ConditionExpression:
          'attribute_not_exists(mails) OR contains(mails, :mail) OR size(mails) < :most',
        ExpressionAttributeValues: {
          ':one': new Set([mailId]),
          ':mail': mailId,
          ':most': most,
          ':then': seconds(now) + COUNTED_DAYS * DAY_SECONDS,
        },
      },
    },
  ]);
  return outcome === 'written';
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const expiry = (now: Date): number => seconds(now) + KEPT_DAYS * DAY_SECONDS;
