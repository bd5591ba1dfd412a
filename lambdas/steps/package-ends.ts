import { getRequest } from '../adapters/requests.ts';
import { findResult } from '../adapters/results.ts';
import { answer, waitKey } from '../adapters/waits.ts';
import type { RequestId } from '../domain/ids.ts';

export const DECISION = 'openPackages';
export const AWAY = 'packagesAway';

/** What the step that looked for packages has recorded: the exports of the same person. */
export interface PackagesFound {
  outcome: 'looked';
  exports: RequestId[];
}

export async function notEnded(exports: RequestId[]): Promise<RequestId[]> {
  const requests = await Promise.all(exports.map(getRequest));
  return requests.flatMap(({ requestId, outcome }) => (outcome ? [] : [requestId]));
}

/** An export has ended. The erasure of the same person goes on when it was the last; safe to repeat. */
export async function passOnEnd(erasure: RequestId): Promise<void> {
  const { round, outcome } = await getRequest(erasure);
  const found = await findResult<PackagesFound>(erasure, 'settlePackages', round);
  if (outcome || !found || (await notEnded(found.exports)).length > 0) return;
  for (const name of [DECISION, AWAY])
    await answer(
      waitKey(erasure, name, round),
      { option: 'gone', by: 'exports', at: new Date().toISOString() },
      {
        chain: `request/${erasure}`,
        event: 'packagesGone',
        by: 'closeRequest',
        facts: { wait: name, round },
      },
    );
}
