import type { CheckedEntry } from './check-chain.ts';
import type { ChainedEntry } from './ledger-chain.ts';

/** An entry as it lies in the table `ledger`. `day`, `write` and `previous` are not hashed. */
export interface LedgerRow extends Omit<ChainedEntry, 'chain'> {
  /** The chain. */
  pk: string;
  /** `seq` in ten digits, so that it sorts. */
  sk: string;
  /** The hash of the entry before. Derived; it tells a row that was replaced from the one after it. */
  previous: string;
  /** Of `at`, for the index `recent`. */
  day: string;
  /** Of one call of `recordChange`, however often it tries. */
  write: string;
}

/** The entry that a row holds, with whatever else somebody has put there. */
export const entryOf = ({ pk, sk, day, write, ...entry }: LedgerRow): CheckedEntry => ({
  chain: pk,
  ...entry,
});
