import { ulid } from 'ulid';
import { configuration } from './configuration.ts';
import { transact, type Write } from './dynamo.ts';

/** Opaque ids, counts and reason codes; never anything that points at a person. */
export type Facts = Record<string, string | number | boolean | string[] | undefined>;

export interface LedgerEntry {
  /** `request/<id>`, `cycle/<id>` or `platform`: an extract shows one of them alone. */
  chain: string;
  /** What happened, in the past tense: `requestReceived`, `sourceRefreshed`. */
  event: string;
  /** A function's step, or the directory id of the person who decided. */
  by: string;
  facts?: Facts;
}

/**
 * The one way in which anything changes: the writes and their ledger entry, together or not at all.
 * `refused`: a condition did not hold, so nothing changed and nothing was entered.
 */
export async function recordChange(
  writes: Write[],
  entry: LedgerEntry,
): Promise<'recorded' | 'refused'> {
  const at = new Date().toISOString();
  const { chain, ...rest } = entry;
  const written = await transact([
    ...writes,
    {
      Put: {
        TableName: configuration().ledgerTable,
        Item: { pk: chain, sk: `${at}#${ulid()}`, at, ...rest },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  ]);
  return written.outcome === 'written' ? 'recorded' : 'refused';
}
