import { configuration } from './configuration.ts';
import { rowsOf, type Write } from './dynamo.ts';

/**
 * A request that waits for a decision on a failed source: a row under the source's name, so that
 * one decision answers for all that need it.
 */
export interface SourceWaiter {
  source: string;
  requestId: string;
  round: number;
}

const key = ({ source, requestId, round }: SourceWaiter) => ({
  pk: `source#${source}`,
  sk: `WAITER#${requestId}#${round}`,
});

export const waiterAdded = (waiter: SourceWaiter): Write => ({
  Put: { TableName: configuration().requestsTable, Item: { ...key(waiter), ...waiter } },
});

export const waiterRemoved = (waiter: SourceWaiter): Write => ({
  Delete: { TableName: configuration().requestsTable, Key: key(waiter) },
});

export const waitersFor = (source: string): AsyncGenerator<SourceWaiter> =>
  rowsOf<SourceWaiter>(configuration().requestsTable, `source#${source}`, 'WAITER#');
