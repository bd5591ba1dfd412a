import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import type { Mail } from '../domain/mails.ts';
import { configuration } from './configuration.ts';
import { dynamo, rowsOf, type Write } from './dynamo.ts';

/*
 * Mails that belong to a change and are written with it: whoever records the change may not be
 * allowed to mail, or die before it. The sweep sends each, and forgets it.
 */
const PARTITION = 'NEWS';

interface NewsRow {
  pk: string;
  sk: string;
  to: string;
  mail: Mail;
}

export const newsWritten = (to: string, mail: Mail): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { pk: PARTITION, sk: ulid(), to, mail } satisfies NewsRow,
  },
});

export const unsentNews = (): AsyncGenerator<NewsRow> =>
  rowsOf<NewsRow>(configuration().requestsTable, PARTITION);

export async function forgetNews({ pk, sk }: Pick<NewsRow, 'pk' | 'sk'>): Promise<void> {
  await dynamo.send(
    new DeleteCommand({ TableName: configuration().requestsTable, Key: { pk, sk } }),
  );
}
