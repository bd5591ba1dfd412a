import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import type { Fixture } from './fixture.ts';

const owner = { email: 'owner@example.org' };
const everywhere = { owner, erasedWhen: 'rowGone', holdWhenLosing: 0.5 } as const;

export const SHOP = 'shop';
type S3Source = SourceContext<'s3'>['source'];
let folders = 0;

/** A source over these files, in a folder of its own of the bucket `shop`. */
export async function aFileSource(
  fixture: Fixture,
  files: Record<string, string | Buffer>,
  source: Partial<S3Source> = {},
): Promise<SourceContext<'s3'>> {
  const prefix = `orders-${++folders}/`;
  const entries = Object.entries(files);
  for (let first = 0; first < entries.length; first += 50)
    await Promise.all(
      entries
        .slice(first, first + 50)
        .map(([name, body]) => fixture.put(SHOP, prefix + name, body)),
    );
  return {
    ...fixture.context,
    name: 'orders',
    source: {
      ...everywhere,
      kind: 's3',
      format: 'csv',
      bucket: SHOP,
      prefix,
      columns: { order_id: 'BIGINT', email: 'VARCHAR', phone: 'VARCHAR' },
      identities: [
        { type: 'email', column: 'email' },
        { type: 'phone', column: 'phone' },
      ],
      ...source,
    },
  };
}

let tables = 0;
export type Item = { id: string } & Record<string, unknown>;

/** A source over a DynamoDB table of its own, with these items. */
export async function aTableSource(
  context: LakeContext,
  items: Item[],
  source: Partial<SourceContext<'dynamodb'>['source']> = {},
): Promise<SourceContext<'dynamodb'>> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const table = `loyalty-${++tables}`;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  for (let first = 0; first < items.length; first += 25) {
    const puts = items.slice(first, first + 25).map((item) => ({ PutRequest: { Item: item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
  }
  return {
    ...context,
    name: 'loyalty',
    source: {
      ...everywhere,
      kind: 'dynamodb',
      table,
      columns: {
        id: 'VARCHAR',
        points: 'BIGINT',
        contact: 'STRUCT(emails VARCHAR[], phone VARCHAR)',
      },
      identities: [
        { type: 'customer_id', column: 'id' },
        { type: 'email', column: 'contact.emails[]' },
        { type: 'phone', column: 'contact.phone' },
      ],
      ...source,
    },
  };
}
