import { setTimeout as sleep } from 'node:timers/promises';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { type Facts, hashOfEntry, NOTHING_BEFORE } from '../domain/evidence/ledger-chain.ts';
import type { LedgerRow } from '../domain/evidence/ledger-row.ts';
import { configuration } from './configuration.ts';
import { dynamo, transactOnce, type Write } from './dynamo.ts';

export type { Facts } from '../domain/evidence/ledger-chain.ts';

export interface LedgerEntry {
  /** `request/<id>`, `cycle/<id>`, `clean-up/<id>` or `platform`: an extract shows one of them alone. */
  chain: string;
  /** What happened, in the past tense: `requestReceived`, `sourceRefreshed`. */
  event: string;
  /** A function's step, or the directory id of the person who decided. */
  by: string;
  facts?: Facts;
}

const LONGEST_PAUSE_MS = 5_000;
/** A conflict comes of a transaction that has not ended yet; so many in a row are no coincidence. */
const CONFLICT_TRIES = 40;

/**
 * The one way in which anything changes: the writes and their ledger entry, together or not at all.
 * `refused`: a condition of the writes did not hold, so nothing changed and nothing was entered.
 * Whoever meets another writer at the end of the chain goes on from the new end, however often:
 * each time, somebody has got on. A call that is cut off after it wrote, and is made again by a
 * step that starts anew, enters `writes` without conditions twice.
 */
export async function recordChange(
  writes: Write[],
  entry: LedgerEntry,
): Promise<'recorded' | 'refused'> {
  const write = ulid();
  let last = await lastRow(entry.chain);
  for (let tries = 1, conflicts = 0; ; tries += 1) {
    const row = rowAfter(last, entry, write);
    const written = await transactOnce([...writes, put(row)]);
    if (written.outcome === 'written') return 'recorded';
    if (written.outcome === 'conflict') {
      conflicts += 1;
      if (conflicts === CONFLICT_TRIES) throw written.error;
    } else if (written.positions.some((position) => position < writes.length)) return 'refused';
    await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 10 * 2 ** tries));
    const since = await rowsFrom(entry.chain, row.seq);
    // The SDK asks again when no answer came; the first asking may have written all the same.
    if (since.some((other) => other.write === write)) return 'recorded';
    last = since[0] ?? last;
  }
}

export async function lastRow(chain: string): Promise<LedgerRow | undefined> {
  const [last] = await rowsFrom(chain, 1, { Limit: 1 });
  return last;
}

/** Rows of a chain from a place on, the last one first. */
async function rowsFrom(
  chain: string,
  seq: number,
  limit: { Limit?: number } = {},
): Promise<LedgerRow[]> {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: configuration().ledgerTable,
      ConsistentRead: true,
      ScanIndexForward: false,
      KeyConditionExpression: 'pk = :chain AND sk >= :from',
      ExpressionAttributeValues: { ':chain': chain, ':from': placeOf(seq) },
      ...limit,
    }),
  );
  return Items as LedgerRow[];
}

const placeOf = (seq: number): string => String(seq).padStart(10, '0');

function rowAfter(
  last: LedgerRow | undefined,
  { chain, event, by, facts }: LedgerEntry,
  write: string,
): LedgerRow {
  if (last && last.sk !== placeOf(last.seq)) {
    throw new Error(`${last.sk}, the last row of ${chain} in the ledger, is no entry of it.`);
  }
  const previous = last?.hash ?? NOTHING_BEFORE;
  const seq = (last?.seq ?? 0) + 1;
  const at = new Date().toISOString();
  const hash = hashOfEntry(previous, { chain, seq, at, event, by, facts });
  const place = { pk: chain, sk: placeOf(seq) };
  return { ...place, seq, at, event, by, facts, hash, previous, day: at.slice(0, 10), write };
}

const put = (Item: LedgerRow): Write => ({
  Put: {
    TableName: configuration().ledgerTable,
    Item,
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});
