import type { ChainedEntry } from '../domain/evidence/ledger-chain.ts';
import type { LedgerRow } from '../domain/evidence/ledger-row.ts';
import { configuration } from './configuration.ts';
import { all, rowsOf } from './dynamo.ts';

/** What is hashed; a row also has what it is found by. */
const hashedPartOf = ({ pk, seq, at, event, by, facts, hash }: LedgerRow): ChainedEntry => ({
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
  (await all(rowsOf<LedgerRow>(configuration().ledgerTable, chain))).map(hashedPartOf);
