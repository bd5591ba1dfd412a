import { configuration } from './configuration.ts';
import { getRow, type Write } from './dynamo.ts';

/** The hash of the platform's files that the ledger knows of last. */
const KEY = { pk: 'POINTER', sk: 'PLATFORM' };

export async function enteredPlatform(): Promise<string | undefined> {
  const row = await getRow<{ platformHash: string }>(configuration().catalogTable, KEY.pk, KEY.sk);
  return row?.platformHash;
}

/** Refused when somebody has entered another meanwhile. */
export const platformEntered = (platformHash: string, before: string | undefined): Write => ({
  Put: {
    TableName: configuration().catalogTable,
    Item: { ...KEY, platformHash },
    ...(before === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'platformHash = :before',
          ExpressionAttributeValues: { ':before': before },
        }),
  },
});
