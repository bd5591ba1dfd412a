import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { awsClient } from './aws-clients.ts';

export const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(awsClient), {
  marshallOptions: { removeUndefinedValues: true },
});

/** One write of a transaction. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export type Row = Record<string, unknown> & { pk: string; sk: string };

/** Strongly consistent, because every reader here decides something. */
export async function getRow<T extends object = Row>(
  table: string,
  pk: string,
  sk: string,
): Promise<T | undefined> {
  const { Item } = await dynamo.send(
    new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item as T | undefined;
}

/** All rows of one partition key whose sort key begins with `prefix`, page by page. */
export async function* rowsOf<T extends object = Row>(
  table: string,
  pk: string,
  prefix = '',
): AsyncGenerator<T> {
  yield* query<T>({
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: prefix ? 'pk = :pk AND begins_with(sk, :sk)' : 'pk = :pk',
    ExpressionAttributeValues: prefix ? { ':pk': pk, ':sk': prefix } : { ':pk': pk },
  });
}

export async function* query<T extends object = Row>(input: QueryCommandInput): AsyncGenerator<T> {
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await dynamo.send(new QueryCommand({ ...input, ExclusiveStartKey }));
    for (const row of page.Items ?? []) yield row as T;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

const MOST_KEYS = 100;

/** Those rows that are there, in no order; eventually consistent. */
export async function rowsAt<T extends object = Row>(
  table: string,
  keys: { pk: string; sk: string }[],
): Promise<T[]> {
  const rows: T[] = [];
  let left = keys;
  while (left.length > 0) {
    const Keys = left.slice(0, MOST_KEYS);
    const { Responses, UnprocessedKeys } = await dynamo.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys } } }),
    );
    rows.push(...((Responses?.[table] ?? []) as T[]));
    const again = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof keys;
    // Of a page that was throttled, nothing may come at all.
    if (again.length > 0) await sleep(Math.random() * 400);
    left = [...again, ...left.slice(MOST_KEYS)];
  }
  return rows;
}

export async function anyRow(table: string, pk: string): Promise<boolean> {
  const { Count = 0 } = await dynamo.send(
    new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      Limit: 1,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    }),
  );
  return Count > 0;
}

export async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

/** The expression that sets attributes of a row; those that are undefined are removed. */
export function assignments(
  changes: Record<string, unknown>,
  values: Record<string, unknown> = {},
) {
  const names = Object.keys(changes);
  const set = names.filter((name) => changes[name] !== undefined);
  const removed = names.filter((name) => changes[name] === undefined);
  const clause = (word: string, parts: string[]) =>
    parts.length > 0 ? [`${word} ${parts.join(', ')}`] : [];
  return {
    UpdateExpression: [
      ...clause(
        'SET',
        set.map((name) => `#${name} = :${name}`),
      ),
      ...clause(
        'REMOVE',
        removed.map((name) => `#${name}`),
      ),
    ].join(' '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map((name) => [`:${name}`, changes[name]])),
      ...values,
    },
  };
}

const CONFLICT_TRIES = 8;

type Refused = { outcome: 'refused'; positions: number[] };

/**
 * All writes or none. `refused` names which conditions did not hold, by position:
 * that somebody else was first is an answer, not a fault.
 */
export async function transact(writes: Write[]): Promise<{ outcome: 'written' } | Refused> {
  for (let tries = 1; ; tries += 1) {
    const written = await transactOnce(writes);
    if (written.outcome !== 'conflict') return written;
    if (tries === CONFLICT_TRIES) throw written.error;
    await sleep(Math.random() * 40 * 2 ** tries);
  }
}

/** `conflict`: two transactions met on one row, which says nothing of any condition. */
export async function transactOnce(
  writes: Write[],
): Promise<{ outcome: 'written' } | Refused | { outcome: 'conflict'; error: Error }> {
  try {
    await dynamo.send(new TransactWriteCommand({ TransactItems: writes }));
    return { outcome: 'written' };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    const positions = reasons.flatMap((code, at) =>
      code === 'ConditionalCheckFailed' ? [at] : [],
    );
    if (positions.length > 0) return { outcome: 'refused', positions };
    // The SDK does not try these again.
    if (reasons.includes('TransactionConflict')) return { outcome: 'conflict', error };
    throw error;
  }
}
