import { NOT_INTERRUPTED } from '../domain/hold.ts';
import type { RequestId } from '../domain/ids.ts';
import { configuration } from './configuration.ts';
import { getRow, rowsOf, type Write } from './dynamo.ts';
import { type Facts, recordChange } from './ledger.ts';
import { changedRequest, type RequestRow } from './requests.ts';

/** A step's recorded result: given again when the step is asked again. */
export interface ResultRow<R = Record<string, unknown>> {
  pk: string;
  sk: string;
  step: string;
  round: number;
  at: string;
  result: R;
}

const key = (pk: string, step: string, round: number | string) => ({
  pk,
  sk: `RESULT#${round}#${step}`,
});

export async function findResult<R>(
  requestId: string,
  step: string,
  round: number,
): Promise<R | undefined> {
  const { pk, sk } = key(requestId, step, round);
  return (await getRow<ResultRow<R>>(configuration().requestsTable, pk, sk))?.result;
}

export const resultsOf = (requestId: string): AsyncGenerator<ResultRow> =>
  rowsOf<ResultRow>(configuration().requestsTable, requestId, 'RESULT#');

/** What a step recorded in each round up to this one, in their order; rounds in which it did nothing are left out. */
export async function resultsUntil<R>(
  requestId: string,
  step: string,
  round: number,
): Promise<R[]> {
  const rounds = Array.from({ length: round }, (_, index) => index + 1);
  const results = await Promise.all(rounds.map((each) => findResult<R>(requestId, step, each)));
  return results.flatMap((result) => result ?? []);
}

/** The write that records a result, if none is recorded. */
export const newResult = (
  requestId: string,
  step: string,
  round: number,
  result: object,
  now = new Date(),
): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { ...key(requestId, step, round), step, round, at: now.toISOString(), result },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** What a step came to, and everything that changes together with it. */
export interface Done<R extends object> {
  result: R;
  /** Changes of the request's own row. */
  changes?: Partial<Omit<RequestRow, 'pk' | 'sk'>>;
  /** Of the request's own row; where it does not hold any more, the step is run again. */
  condition?: string;
  /** Placeholders of the condition. */
  values?: Record<string, unknown>;
  writes?: Write[];
  /** For the ledger. */
  facts?: Facts;
}

/** Of a step that does what cannot be undone: refused while a hold stands, or after one. */
export const unlessInterrupted = (round: number) => ({
  condition: NOT_INTERRUPTED,
  values: { ':inRound': round },
});

/** A step whose execution was stopped may go on, until after its request was closed by the next one. */
const STILL_OPEN = 'attribute_not_exists(outcome)';

/**
 * Runs a step of a request once: its first result is recorded with its ledger entry, and whoever
 * asks again gets that one. A process that dies before recording leaves the step to be run again,
 * so `run` must bear repetition. A recorded result is progress: it sets the count of restarts back.
 */
export async function once<R extends object>(
  requestId: RequestId,
  step: string,
  round: number,
  run: () => Promise<Done<R>>,
): Promise<R> {
  const earlier = await findResult<R>(requestId, step, round);
  if (earlier) return earlier;
  const {
    result,
    changes = {},
    condition = 'attribute_exists(pk)',
    values = {},
    writes = [],
    facts,
  } = await run();
  const recorded = await recordChange(
    [
      newResult(requestId, step, round, result),
      changedRequest(
        requestId,
        { restarts: 0, ...changes },
        `${condition} AND ${STILL_OPEN}`,
        values,
      ),
      ...writes,
    ],
    { chain: `request/${requestId}`, event: step, by: step, facts: { round, ...facts } },
  );
  if (recorded === 'recorded') return result;
  const first = await findResult<R>(requestId, step, round);
  if (!first) throw new Error(`${step} of round ${round} could not be recorded`);
  return first;
}
