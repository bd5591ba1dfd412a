import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { INBOUND_PREFIX, MailId, SES_OWN } from '../domain/mail/inbound.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo, getRow, rowsAt, transact } from './dynamo.ts';
import { type MailRow, mailKey, mails } from './inbound-mail.ts';
import { recordChange } from './ledger.ts';

/** A message as it lies in the bucket, with its row, if anybody was ever called for it. */
export interface StoredMail {
  mailId: string;
  storedAt: Date;
  row?: MailRow;
}

const table = () => configuration().requestsTable;
const LOOKED = { pk: 'MAIL#looked', sk: 'MAIL' };

/**
 * Of the next `most` messages of the bucket, from where the last look ended, those that came to no end.
 * Their ids have no order, so that each look goes on behind the one before, and after the last
 * message begins anew: a full bucket costs no look more than an empty one.
 */
export async function unreadMails(most = 1000): Promise<StoredMail[]> {
  const { after } = (await getRow<{ after?: string }>(table(), LOOKED.pk, LOOKED.sk)) ?? {};
  const page = await mails().listAfter(INBOUND_PREFIX, most, after || undefined);
  const next = page.length < most ? undefined : page.at(-1)?.key;
  // Before any is read: what brings this function down must not keep it at one place.
  await dynamo.send(
    new UpdateCommand({ TableName: table(), Key: LOOKED, ...assignments({ after: next ?? '' }) }),
  );
  const stored = page.flatMap(({ key, storedAt }) => {
    const mailId = MailId.safeParse(key.slice(INBOUND_PREFIX.length)).data;
    return mailId && mailId !== SES_OWN ? [{ mailId, storedAt }] : [];
  });
  const rows = await rowsAt<MailRow>(
    table(),
    stored.map(({ mailId }) => mailKey(mailId)),
  );
  const rowOf = new Map(rows.map((row) => [row.mailId, row]));
  return stored
    .map((one) => ({ ...one, row: rowOf.get(one.mailId) }))
    .filter(({ row }) => !row?.repliedAt);
}

/** When a message was stored; `undefined`: it is not there any more. */
export async function storedAtOf(mailId: string): Promise<Date | undefined> {
  const wanted = `${INBOUND_PREFIX}${mailId}`;
  // Of all keys that begin so, it is the first.
  const [first] = await mails().listAfter(wanted, 1);
  return first?.key === wanted ? first.storedAt : undefined;
}

/** Counts a reading before it begins, whatever it comes to; `refused`: somebody else reads it. */
export async function countReading({
  mailId,
  readings,
}: Pick<MailRow, 'mailId' | 'readings'>): Promise<'recorded' | 'refused'> {
  const { outcome } = await transact([
    {
      Update: {
        TableName: table(),
        Key: mailKey(mailId),
        UpdateExpression: 'SET readings = :next',
        ConditionExpression:
          readings === undefined ? 'attribute_not_exists(readings)' : 'readings = :now',
        ExpressionAttributeValues: {
          ':next': (readings ?? 0) + 1,
          ...(readings !== undefined && { ':now': readings }),
        },
      },
    },
  ]);
  return outcome === 'written' ? 'recorded' : 'refused';
}

/** Somebody wants it read again: from now on it is as if nobody had given up on it. */
export const reopenMail = (mailId: string, by: string): Promise<'recorded' | 'refused'> =>
  recordChange(
    [
      {
        Update: {
          TableName: table(),
          Key: mailKey(mailId),
          ConditionExpression: 'fate = :unhandled',
          ...assignments(Object.fromEntries(GIVEN_UP.map((name) => [name, undefined])), {
            ':unhandled': 'unhandled',
          }),
        },
      },
    ],
    { chain: 'mail', event: 'mailReopened', by, facts: { mail: mailId } },
  );

const GIVEN_UP = ['fate', 'reason', 'notice', 'results', 'readings', 'recordedAt', 'repliedAt'];
