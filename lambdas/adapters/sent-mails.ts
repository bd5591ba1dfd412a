import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Returned } from '../domain/loop-mails.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo } from './dynamo.ts';

/*
 * One row for a mail, by the id that SES gave it. The sender notes what it was about, and SES's
 * notice notes that it came back; either may be first, and whoever comes second sees both.
 */
interface SentMail {
  /** Sort key of the wait that the mail was about, and its request. */
  requestId?: string;
  wait?: string;
  returned?: Returned;
  operatorToldAt?: string;
}

/** What a mail was about. Answers how it came back, if it has already. */
export const noteSent = (
  messageId: string,
  about: { requestId: string; wait: string },
): Promise<SentMail> => noted(messageId, about);

/** That a mail came back. Answers what it was about, if its sender has said so already. */
export const noteReturned = (messageId: string, returned: Returned): Promise<SentMail> =>
  noted(messageId, { returned });

/** That the operator knows: a notice that comes twice makes one mail. */
export const noteTold = (messageId: string, now: Date): Promise<SentMail> =>
  noted(messageId, { operatorToldAt: now.toISOString() });

async function noted(messageId: string, changes: SentMail): Promise<SentMail> {
  const { Attributes = {} } = await dynamo.send(
    new UpdateCommand({
      TableName: configuration().requestsTable,
      Key: { pk: `SENT#${messageId}`, sk: 'SENT' },
      ReturnValues: 'ALL_NEW',
      ...assignments({ ...changes }),
    }),
  );
  return Attributes as SentMail;
}
