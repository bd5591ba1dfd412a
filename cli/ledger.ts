import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { mapLimited } from '../lambdas/adapters/map-limited.ts';
import type { PublicKey } from '../lambdas/adapters/signing.ts';
import type { CheckedEntry } from '../lambdas/domain/evidence/check-chain.ts';
import { checkLedger, type LedgerCheck } from '../lambdas/domain/evidence/check-ledger.ts';
import type { StoredHead } from '../lambdas/domain/evidence/documents.ts';
import { entryOf, type LedgerRow } from '../lambdas/domain/evidence/ledger-row.ts';
import type { Connection } from './connection.ts';
import { inWords } from './failures.ts';
import { openStack } from './stack.ts';

/** The ledger and what was signed over it, read by whoever asks, through no function of the system. */
export interface Ledger {
  /** Every entry of a chain, the first one first. */
  chain(name: string): Promise<CheckedEntry[]>;
  /** Reads everything, and checks it here. */
  verify(): Promise<LedgerCheck>;
}

/** The ledger of a deployed stack. Every method throws a CommandError, in words. */
export function openLedger(connection: Connection): Ledger {
  const stack = openStack(connection);
  const ledger = ledgerIn(connection, async () => ({
    table: await stack.output('LedgerTable'),
    bucket: await stack.output('EvidenceBucket'),
  }));
  const orInWords = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw inWords(error, connection);
    });
  return {
    chain: (name) => orInWords(ledger.chain(name)),
    verify: () => orInWords(ledger.verify()),
  };
}

type Names = () => Promise<{ table: string; bucket: string }>;

/** The same, in a table and a bucket that are known. */
export function ledgerIn(connection: Omit<Connection, 'stackName'>, names: Names): Ledger {
  const { endpoint, region, credentials } = connection;
  const client = {
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  const s3 = new S3Client(client);

  async function json<T>(Bucket: string, Key: string): Promise<T> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return JSON.parse((await Body?.transformToString()) ?? '') as T;
  }

  async function objects<T>(bucket: string, Prefix: string): Promise<{ key: string; value: T }[]> {
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix }))
      for (const { Key = '' } of page.Contents ?? []) keys.push(Key);
    return mapLimited(keys.sort(), 20, async (key) => ({ key, value: await json<T>(bucket, key) }));
  }

  return {
    async chain(name) {
      const pages = paginateQuery(
        { client: dynamo },
        {
          TableName: (await names()).table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :chain',
          ExpressionAttributeValues: { ':chain': name },
        },
      );
      return entriesIn(pages);
    },
    async verify() {
      const { table, bucket } = await names();
      // The heads first: whatever they cover has been in the ledger since.
      const heads = await objects<StoredHead>(bucket, 'heads/');
      const keys = await objects<PublicKey>(bucket, 'keys/');
      const scan = { TableName: table, ConsistentRead: true };
      const entries = await entriesIn(paginateScan({ client: dynamo }, scan));
      return checkLedger(
        entries,
        heads.map(({ key, value }) => ({ n: numberIn(key), stored: value })),
        keys.map(({ value }) => value),
      );
    },
  };
}

/** `heads/0000000007.json` → 7 */
const numberIn = (key: string): number => Number(/(\d+)\.json$/.exec(key)?.[1]);

async function entriesIn(
  pages: AsyncIterable<{ Items?: Record<string, unknown>[] | undefined }>,
): Promise<CheckedEntry[]> {
  const entries: CheckedEntry[] = [];
  for await (const { Items = [] } of pages)
    for (const row of Items) entries.push(entryOf(row as unknown as LedgerRow));
  return entries;
}
