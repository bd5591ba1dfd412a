import { platformDefinition } from '../adapters/configuration.ts';
import { queued } from '../adapters/cycles.ts';
import { getRequest, getSubject } from '../adapters/requests.ts';
import { once, unlessInterrupted } from '../adapters/results.ts';
import { newVerifying } from '../adapters/verifying.ts';
import { newWait, waitKey } from '../adapters/waits.ts';
import { interruptionOf, stopOf } from '../domain/hold.ts';
import type { RequestId } from '../domain/ids.ts';
import { sourcesDeclaring, sourcesToAsk } from '../domain/verification.ts';
import { release } from './answering.ts';
import { answerIfClosing } from './ending-waits.ts';
import { untilReleased } from './holding.ts';
import { ensureCycle, ensureVerification } from './lines.ts';

/** Hands the subject to verify-sources, and opens the wait that it answers. */
export async function handToVerification(requestId: RequestId, round: number) {
  const request = await getRequest(requestId);
  // Put on hold since its identities were resolved: it waits for that instead, and nobody is asked.
  if (interruptionOf(request, round)) return { ...untilReleased(request), sources: 0 };
  const { platform } = platformDefinition();
  const asked = await once(requestId, 'askSources', round, async () => {
    const now = new Date();
    const { subject } = await getSubject(requestId);
    const sources = sourcesToAsk(platform, subject.unique, { without: request.without, now });
    const since = now.toISOString();
    const state = { asks: 0, nextAskAt: since };
    return {
      result: {
        outcome: 'asked',
        wait: waitKey(requestId, 'sourcesLetGo', round).sk,
        sources: sources.length,
      },
      facts: { sources },
      ...unlessInterrupted(round),
      writes: [
        newWait(
          {
            owner: requestId,
            name: 'sourcesLetGo',
            round,
            kind: 'sourcesLetGo',
            on: 'verifier',
            reasonCode: 'verifying',
            options: [],
          },
          now,
        ),
        newVerifying({
          requestId,
          round,
          since,
          sources: Object.fromEntries(sources.map((source) => [source, state])),
        }),
      ],
    };
  });
  if (asked.sources === 0) await release({ requestId, round, sources: {} }, 'askSources');
  await answerIfClosing(requestId, 'sourcesLetGo', round);
  await ensureVerification({ wantedAt: new Date().toISOString() });
  return asked;
}

/** Queues for the next refresh cycle, and opens the wait that it answers. */
export async function joinCycle(requestId: RequestId, round: number) {
  const request = await getRequest(requestId);
  const stopped = stopOf(request, round);
  if (stopped) return { ...stopped, wait: '' };
  const { platform } = platformDefinition();
  const joined = await once(requestId, 'joinRefreshCycle', round, async () => {
    const { subject } = await getSubject(requestId);
    const sources = sourcesDeclaring(platform, subject.unique, request.without);
    return {
      result: { outcome: 'joined' as const, wait: waitKey(requestId, 'refreshCycle', round).sk },
      facts: { sources },
      ...unlessInterrupted(round),
      writes: [
        queued(`${requestId}#${round}`, sources),
        newWait(
          {
            owner: requestId,
            name: 'refreshCycle',
            round,
            kind: 'refreshCycle',
            on: 'cycle',
            reasonCode: 'joined',
            options: [],
          },
          new Date(),
        ),
      ],
    };
  });
  await answerIfClosing(requestId, 'refreshCycle', round);
  await ensureCycle();
  return joined;
}
