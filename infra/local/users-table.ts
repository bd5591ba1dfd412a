import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Connection } from './connection.ts';
import { demoUserRows } from './demo-data/users.ts';

/** Puts the demo's users into the stack's table; those that are there stay as they are made. */
export async function seedUsers(connection: Connection, table: string): Promise<void> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(connection));
  const RequestItems = { [table]: demoUserRows.map((Item) => ({ PutRequest: { Item } })) };
  await documents.send(new BatchWriteCommand({ RequestItems }));
}
