import { platformDefinition } from '../adapters/configuration.ts';
import { exportQueued } from '../adapters/gatherings.ts';
import { getRequest } from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import { answer, newWait, waitKey } from '../adapters/waits.ts';
import { type ExportKind, lackingForExport } from '../domain/export/contents.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Request } from '../domain/request.ts';
import { answerIfClosing } from './ending-waits.ts';
import { ensureGathering } from './lines.ts';

/** Which of a request's waits the gathering answers. */
export const GATHERING = 'gathering';

/** @throws Error when the request is no export, or the platform cannot answer one of its kind */
export function exportKindOf({ kind }: Pick<Request, 'kind'>): ExportKind {
  if (kind === 'erasure') throw new Error('This request is an erasure, and exports nothing.');
  const [lacking] = lackingForExport(platformDefinition().platform, kind);
  if (lacking) throw new Error(lacking);
  return kind;
}

/**
 * Queues for the next gathering, and opens the wait that it answers. What is kept of users is read
 * by key when it is packed: there is nothing to gather.
 */
export async function joinGathering(
  requestId: RequestId,
  round: number,
): Promise<{ outcome: 'joined' | 'closing'; wait: string }> {
  const request = await getRequest(requestId);
  if (request.closing) return { outcome: 'closing', wait: '' };
  exportKindOf(request);
  const isUser = request.subjectKind === 'user';
  const wait = waitKey(requestId, GATHERING, round);
  const joined = await once(requestId, 'joinGathering', round, async () => ({
    result: { outcome: 'joined' as const, wait: wait.sk },
    facts: { subjectKind: request.subjectKind ?? 'customer' },
    writes: [
      ...(isUser ? [] : [exportQueued(requestId, round)]),
      newWait(
        {
          owner: requestId,
          name: GATHERING,
          round,
          kind: 'gathering',
          on: 'gathering',
          reasonCode: 'joined',
          options: [],
        },
        new Date(),
      ),
    ],
  }));
  await answerIfClosing(requestId, GATHERING, round);
  if (isUser) await nothingToGather(requestId, round);
  else await ensureGathering();
  return joined;
}

const nothingToGather = (requestId: RequestId, round: number) =>
  answer(
    waitKey(requestId, GATHERING, round),
    { option: 'gathered', by: 'joinGathering', at: new Date().toISOString() },
    {
      chain: `request/${requestId}`,
      event: 'gathered',
      by: 'joinGathering',
      facts: { round, tables: 0 },
    },
  );
