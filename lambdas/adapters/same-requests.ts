import type { RequestId } from '../domain/ids.ts';
import { configuration } from './configuration.ts';
import { getRow, type Write } from './dynamo.ts';

/*
 * The row by which a second request for the same identities finds the first, while it is open.
 * It holds a keyed hash and an id, and goes when the request closes.
 */
const key = (sameAs: string) => ({ pk: `SAME#${sameAs}`, sk: 'OPEN' });

/** Refused while another request for the same identities is open. */
export const claimed = (sameAs: string, requestId: RequestId): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { ...key(sameAs), requestId },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export const unclaimed = (sameAs: string): Write => ({
  Delete: { TableName: configuration().requestsTable, Key: key(sameAs) },
});

export async function openRequestFor(sameAs: string): Promise<RequestId | undefined> {
  const { pk, sk } = key(sameAs);
  const row = await getRow<{ requestId: RequestId }>(configuration().requestsTable, pk, sk);
  return row?.requestId;
}
