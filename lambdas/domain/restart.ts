import type { Request } from './request.ts';
import type { Answer } from './wait.ts';

/** `missing`: it was never started, or so long ago that its history is gone. */
export type ExecutionState = 'running' | 'succeeded' | 'died' | 'missing';

/** Restarts without a newly recorded result, after which an operator has to look. */
export const RESTARTS = 3;

/**
 * What a request needs so that it is not left lying.
 * @param latest the execution of its latest attempt
 * @param fault the wait on the operator that this attempt ended with
 */
export function restartOf(
  request: Pick<Request, 'status' | 'restarts'>,
  latest: ExecutionState,
  fault: { answer?: Answer } | undefined,
): 'nothing' | 'start' | 'nextAttempt' | 'askOperator' {
  if (request.status === 'closed' || latest === 'running') return 'nothing';
  // A crash between recording the attempt and starting it.
  if (latest === 'missing') return 'start';
  if (fault) return fault.answer ? 'nextAttempt' : 'nothing';
  return request.restarts < RESTARTS ? 'nextAttempt' : 'askOperator';
}
