import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ChainHead } from '../domain/evidence/documents.ts';
import { configuration } from './configuration.ts';
import { dynamo, query, type Row } from './dynamo.ts';
import { lastRow } from './ledger.ts';

/**
 * The chains with entries of that time or later, each with the last place that the index knows: it
 * comes to know an entry a moment after it was written.
 * @param days of the index, that time's and all since; without a time, every chain
 */
export async function movedChains(since?: {
  at: string;
  days: string[];
}): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  const add = ({ pk, sk }: Row) => ends.set(pk, Math.max(ends.get(pk) ?? 0, Number(sk)));
  const index = { TableName: configuration().ledgerTable, IndexName: 'recent' };
  for (const day of since?.days ?? []) {
    const rows = query({
      ...index,
      KeyConditionExpression: '#day = :day AND #at >= :at',
      ExpressionAttributeNames: { '#day': 'day', '#at': 'at' },
      ExpressionAttributeValues: { ':day': day, ':at': since?.at },
    });
    for await (const row of rows) add(row);
  }
  if (!since) for await (const row of scan(index)) add(row);
  return ends;
}

async function* scan(index: { TableName: string; IndexName: string }): AsyncGenerator<Row> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await dynamo.send(new ScanCommand({ ...index, ExclusiveStartKey }));
    yield* (page.Items ?? []) as Row[];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** The last entry of a chain, as it is at this moment. */
export async function endOf(chain: string): Promise<ChainHead> {
  const last = await lastRow(chain);
  if (!last)
    throw new Error(`The index of the ledger names ${chain}, and the ledger has no such chain.`);
  return { chain, seq: last.seq, hash: last.hash };
}
