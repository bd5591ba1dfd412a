import { isChangeOwner } from './registered-admin.ts';
import { lineOwning } from './turn.ts';

/** The chain of the ledger in which stands what becomes of somebody's waits and codes. */
export const chainOf = (owner: string): string =>
  lineOwning(owner) || isChangeOwner(owner) ? 'platform' : `request/${owner}`;
