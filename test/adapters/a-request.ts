import type { RequestId } from '../../lambdas/domain/ids.ts';
import type { Request } from '../../lambdas/domain/request.ts';

/** A request that was opened just now, in its first round. */
export const anOpenRequest = (requestId: RequestId, now: Date): Request => ({
  requestId,
  kind: 'erasure',
  status: 'open',
  receivedAt: now.toISOString(),
  openedAt: now.toISOString(),
  dueOn: '2027-01-01',
  unrolledDueOn: '2027-01-01',
  round: 1,
  attempt: 1,
  restarts: 0,
  without: [],
  gaveUpOn: [],
  bound: 1000,
  platformHash: 'a-hash',
});
