import { executionState } from '../adapters/executions.ts';
import { recordChange } from '../adapters/ledger.ts';
import type { RequestRow } from '../adapters/requests.ts';
import { changedRequest, findRequest } from '../adapters/requests.ts';
import { findWait } from '../adapters/waits.ts';
import type { RequestId } from '../domain/ids.ts';
import { restartOf } from '../domain/restart.ts';
import { askPerson } from './asking.ts';
import { attemptName, flowOf, startAttempt } from './attempts.ts';
import { tellAsked } from './telling.ts';

/**
 * Sees to it that an open request has an execution, or waits on the operator by name.
 * Safe to call for any request, at any time, by several at once.
 */
export async function keepRunning(requestId: string): Promise<void> {
  const request = await findRequest(requestId);
  if (!request || request.status === 'closed') return;
  const { attempt } = request;
  const state = await executionState(flowOf(request), attemptName(requestId, attempt));
  const fault = state === 'running' ? undefined : await findWait(requestId, 'fault', attempt);
  const next = restartOf(request, state, fault);
  switch (next) {
    case 'nothing':
      return;
    case 'start':
      return startAttempt(request, attempt);
    case 'nextAttempt':
      return nextAttempt(request);
    case 'askOperator':
      return waitOnOperator(request);
    default:
      return next satisfies never;
  }
}

/** Refused when that attempt is not the last any more, or the request has ended meanwhile. */
const changedOf = (
  requestId: RequestId,
  attempt: number,
  changes: Parameters<typeof changedRequest>[1],
) =>
  changedRequest(requestId, changes, 'attempt = :seen AND attribute_not_exists(outcome)', {
    ':seen': attempt,
  });

/** The latest attempt counts; who loses the race to begin it has nothing to do. */
async function nextAttempt(request: RequestRow): Promise<void> {
  const { requestId, attempt, restarts } = request;
  const next = attempt + 1;
  const recorded = await recordChange(
    [changedOf(requestId, attempt, { attempt: next, restarts: restarts + 1 })],
    { chain: `request/${requestId}`, event: 'restarted', by: 'sweeper', facts: { attempt: next } },
  );
  if (recorded === 'recorded') await startAttempt(request, next);
}

async function waitOnOperator({ requestId, attempt }: RequestRow): Promise<void> {
  const { writes, changes, facts } = askPerson(
    {
      requestId,
      name: 'fault',
      round: attempt,
      kind: 'fault',
      role: 'operator',
      reasonCode: 'stoppedThreeTimes',
      options: ['resume'],
    },
    new Date(),
  );
  await recordChange([...writes, changedOf(requestId, attempt, changes ?? {})], {
    chain: `request/${requestId}`,
    event: 'faultShown',
    by: 'sweeper',
    facts: { ...facts, attempt },
  });
  await tellAsked(requestId, 'fault', attempt);
}
