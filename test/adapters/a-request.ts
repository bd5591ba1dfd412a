import { ulid } from 'ulid';
import { activePointer } from '../../lambdas/adapters/catalog.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { newKey } from '../../lambdas/adapters/request-keys.ts';
import { newRequest, sealedText } from '../../lambdas/adapters/requests.ts';
import type { Subject } from '../../lambdas/domain/identity.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
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

/** An export whose subject is known, so that its rows are to be gathered. */
export async function anExportOf(
  subject: Subject,
  change: Partial<Request> = {},
): Promise<RequestId> {
  const requestId = RequestId.parse(ulid());
  const key = await newKey(requestId);
  const now = new Date();
  const resolvedFor = await activePointer();
  const request = { ...anOpenRequest(requestId, now), kind: 'access' as const, resolvedFor };
  await transact([
    newRequest({ ...request, ...change }),
    key.write,
    sealedText(
      requestId,
      'SUBJECT',
      await key.seal(JSON.stringify({ seed: subject.unique, subject })),
      now,
    ),
  ]);
  return requestId;
}
