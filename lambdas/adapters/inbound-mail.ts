import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { INBOUND_PREFIX } from '../domain/mail/inbound.ts';
import type { RecordedFate } from '../domain/mail/recorded.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo, getRow, query, transact, type Write } from './dynamo.ts';
import { storage } from './lake/lake-storage.ts';
import { recordChange } from './ledger.ts';

/** A person's words come first; what is attached may be cut off. */
const BYTES_READ = 1024 * 1024;
const DAY_SECONDS = 86_400;
/** For so long a message that is delivered again is known. */
const KEPT_DAYS = 400;

/** One message that came in. Times are ISO 8601 UTC. */
export interface MailRow extends Partial<RecordedFate> {
  mailId: string;
  receivedAt: string;
  takenAt: string;
  /** The same message came before, under another id. */
  duplicate?: boolean;
  recordedAt?: string;
  /** When what had to be written was written. */
  repliedAt?: string;
}

const mails = () => storage(configuration().inboundMailBucket);

/** The first bytes of a raw message. @throws when it is not there: SES stores it before it calls */
export const readRawMail = (mailId: string): Promise<Uint8Array> =>
  mails().head(`${INBOUND_PREFIX}${mailId}`, BYTES_READ);

const table = () => configuration().requestsTable;
const key = (mailId: string) => ({ pk: `MAIL#${mailId}`, sk: 'MAIL' });
const messageKey = (mac: string) => ({ pk: `MAIL#message#${mac}`, sk: 'MAIL' });

export type Taken =
  /** For the first time, or a second time because the first came to no end. */
  | { outcome: 'new' | 'again'; row: MailRow }
  /** The same message came before, under another id. */
  | { outcome: 'duplicate'; row: MailRow };

/** Takes a message in. `message`: keyed hash of author and Message-ID, of what is acted upon. */
export async function takeMail(
  { mailId, receivedAt }: Pick<MailRow, 'mailId' | 'receivedAt'>,
  message: string | undefined,
  now: Date,
): Promise<Taken> {
  const row: MailRow = { mailId, receivedAt, takenAt: now.toISOString() };
  const expiresAt = seconds(now) + KEPT_DAYS * DAY_SECONDS;
  const item = {
    ...key(mailId),
    ...row,
    expiresAt,
    duePartition: 'MAIL',
    dueAt: receivedAt,
  };
  const claims = message ? [put({ ...messageKey(message), mailId, expiresAt })] : [];
  const written = await transact([put(item), ...claims]);
  if (written.outcome === 'written') return { outcome: 'new', row };
  const before = await findMail(mailId);
  if (before) return { outcome: before.duplicate ? 'duplicate' : 'again', row: before };
  // It says so itself: who dies before its fate is recorded must not act upon it later.
  const alone = await transact([put({ ...item, duplicate: true })]);
  return alone.outcome === 'written'
    ? { outcome: 'duplicate', row }
    : { outcome: 'again', row: (await findMail(mailId)) ?? row };
}

const put = (Item: Record<string, unknown>): Write => ({
  Put: { TableName: table(), Item, ConditionExpression: 'attribute_not_exists(pk)' },
});

export const findMail = (mailId: string): Promise<MailRow | undefined> =>
  getRow<MailRow>(table(), key(mailId).pk, key(mailId).sk);

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
          Key: key(mailId),
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
      Key: key(mailId),
      ConditionExpression: 'attribute_exists(pk)',
      ...assignments({ repliedAt: now.toISOString() }),
    }),
  );
}

/** One more of `what` within this hour or day (UTC); answers how many that makes. */
export async function countMail(
  what: string,
  now: Date,
  within: 'hour' | 'day' = 'hour',
): Promise<number> {
  const period = now.toISOString().slice(0, within === 'hour' ? 13 : 10);
  const { Attributes } = await dynamo.send(
    new UpdateCommand({
      TableName: table(),
      Key: { pk: `MAIL#count#${what}#${period}`, sk: 'MAIL' },
      UpdateExpression: 'ADD #count :one SET expiresAt = :then',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':one': 1, ':then': seconds(now) + 2 * DAY_SECONDS },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.count ?? 1);
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
