import type { ChainedEntry } from '../domain/evidence/ledger-chain.ts';
import { configuration } from './configuration.ts';
import { all, query, type Row, rowsOf } from './dynamo.ts';

const table = () => configuration().ledgerTable;

type EntryRow = Omit<ChainedEntry, 'chain'> & Pick<Row, 'pk' | 'sk'>;

/** What is hashed; a row also has what it is found by. */
const entryOf = ({ pk, seq, at, event, by, facts, hash }: EntryRow): ChainedEntry => ({
  chain: pk,
  seq,
  at,
  event,
  by,
  ...(facts && { facts }),
  hash,
});

/** Every entry of a chain, the first one first. */
export const entriesOf = async (chain: string): Promise<ChainedEntry[]> =>
  (await all(rowsOf<EntryRow>(table(), chain))).map(entryOf);

export async function lastEntryOf(chain: string): Promise<ChainedEntry | undefined> {
  const newestFirst = query<EntryRow>({
    TableName: table(),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: 1,
    KeyConditionExpression: 'pk = :chain',
    ExpressionAttributeValues: { ':chain': chain },
  });
  for await (const row of newestFirst) return entryOf(row);
  return undefined;
}
