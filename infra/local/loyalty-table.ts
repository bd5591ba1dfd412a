import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Connection } from './connection.ts';
import type { LoyaltyRow } from './demo-data/rows.ts';

/** Makes the table anew, with these rows. */
export async function fillLoyaltyTable(connection: Connection, table: string, rows: LoyaltyRow[]) {
  const client = new DynamoDBClient(connection);
  await makeTable(client, table);
  const documents = DynamoDBDocumentClient.from(client);
  const batches = Array.from({ length: Math.ceil(rows.length / 25) }, (_, index) =>
    rows.slice(index * 25, (index + 1) * 25),
  );
  const writers = Array.from({ length: 8 }, async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      const RequestItems = { [table]: batch.map((Item) => ({ PutRequest: { Item } })) };
      const { UnprocessedItems } = await documents.send(new BatchWriteCommand({ RequestItems }));
      const left = UnprocessedItems?.[table] ?? [];
      if (left.length > 0) batches.push(left.map((one) => one.PutRequest?.Item as LoyaltyRow));
    }
  });
  await Promise.all(writers);
}

export async function deleteFromLoyaltyTable(connection: Connection, table: string, id: string) {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(connection));
  await documents.send(new DeleteCommand({ TableName: table, Key: { loyalty_id: id } }));
}

async function makeTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const patience = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  try {
    await client.send(new DeleteTableCommand({ TableName }));
    await waitUntilTableNotExists(patience, { TableName });
  } catch (fault) {
    if (!(fault instanceof ResourceNotFoundException)) throw fault;
  }
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'loyalty_id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'loyalty_id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists(patience, { TableName });
}
