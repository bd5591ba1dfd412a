import { CreateTableCommand, type CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { BatchWriteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo, type Row } from '../../lambdas/adapters/dynamo.ts';
import { testEmulator } from '../emulator/platform.ts';

const key = (...names: [name: string, KeyType: 'HASH' | 'RANGE'][]) =>
  names.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType }));
const sorted = { KeySchema: key(['pk', 'HASH'], ['sk', 'RANGE']) };
const index = (IndexName: string, partition: string, sort: string) => ({
  IndexName,
  KeySchema: key([partition, 'HASH'], [sort, 'RANGE']),
  Projection: { ProjectionType: 'ALL' as const },
});

const TABLES: Record<
  string,
  Pick<CreateTableCommandInput, 'KeySchema' | 'GlobalSecondaryIndexes'>
> = {
  REQUESTS_TABLE: {
    ...sorted,
    GlobalSecondaryIndexes: [
      index('listed', 'listed', 'pk'),
      index('due', 'duePartition', 'dueAt'),
    ],
  },
  REQUEST_KEYS_TABLE: { KeySchema: key(['pk', 'HASH']) },
  CATALOG_TABLE: sorted,
  USERS_TABLE: {
    ...sorted,
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byEmail',
        KeySchema: key(['email', 'HASH']),
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  LEDGER_TABLE: { ...sorted, GlobalSecondaryIndexes: [index('recent', 'day', 'at')] },
};

const noFlow = 'arn:aws:states:eu-central-1:000000000000:stateMachine:none';

/** Tables and keys of this test file's own, named in the environment as the stack names them. */
export async function makeTables(): Promise<void> {
  await testEmulator();
  const suffix = ulid();
  for (const [variable, table] of Object.entries(TABLES)) {
    const TableName = `${variable}-${suffix}`;
    const attributes = JSON.stringify(table).matchAll(/"AttributeName":"(\w+)"/g);
    const names = new Set([...attributes].map(([, name]) => name));
    await dynamo.send(
      new CreateTableCommand({
        ...table,
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...names].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
      }),
    );
    process.env[variable] = TableName;
  }
  const kms = new KMSClient({});
  const dataKey = await kms.send(new CreateKeyCommand({}));
  const recognitionKey = await kms.send(
    new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  );
  const signingKey = await kms.send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  const codesKey = await kms.send(
    new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  );
  Object.assign(process.env, {
    LAKE_BUCKET: `lake-${suffix.toLowerCase()}`,
    EVIDENCE_BUCKET: `evidence-${suffix.toLowerCase()}`,
    INBOUND_MAIL_BUCKET: `mail-${suffix.toLowerCase()}`,
    DATA_KEY_ID: dataKey.KeyMetadata?.KeyId,
    RECOGNITION_KEY_ID: recognitionKey.KeyMetadata?.KeyId,
    SUPPRESSION_KEY_ID: dataKey.KeyMetadata?.KeyId,
    SIGNING_KEY_ID: signingKey.KeyMetadata?.KeyId,
    CODES_KEY_ID: codesKey.KeyMetadata?.KeyId,
    PAGES_URL: 'https://pages.example',
    MAIL_CONFIGURATION_SET: 'mails',
    DELETE_CUSTOMER_DATA_ARN: noFlow,
    VERIFY_SOURCES_ARN: noFlow,
    REFRESH_CYCLE_ARN: noFlow,
    CLEAN_UP_INACTIVE_DATA_ARN: noFlow,
    EXPORT_DATA_ARN: noFlow,
    GATHER_EXPORTS_ARN: noFlow,
  });
}

type Table = 'requestsTable' | 'ledgerTable' | 'catalogTable';

/** Every row of a table, to see that nothing else was written. */
export async function everyRow(table: Table): Promise<Row[]> {
  const pages = paginateScan(
    { client: dynamo },
    { TableName: configuration()[table], ConsistentRead: true },
  );
  const rows: Row[] = [];
  for await (const { Items = [] } of pages) rows.push(...(Items as Row[]));
  return rows;
}

/** As many as DynamoDB takes in one request. */
const BATCH = 25;

export async function emptyTable(table: Table): Promise<void> {
  const TableName = configuration()[table];
  let left = (await everyRow(table)).map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
  while (left.length > 0) {
    const batch = { [TableName]: left.slice(0, BATCH) };
    const answer = await dynamo.send(new BatchWriteCommand({ RequestItems: batch }));
    const notYet = (answer.UnprocessedItems?.[TableName] ?? []) as typeof left;
    left = [...notYet, ...left.slice(BATCH)];
  }
}
