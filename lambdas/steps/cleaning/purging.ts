import { platformDefinition } from '../../adapters/configuration.ts';
import { all } from '../../adapters/dynamo.ts';
import { recordChange } from '../../adapters/ledger.ts';
import { mapLimited } from '../../adapters/map-limited.ts';
import { type OutstandingRow, outstandingRows, purgeStarted } from '../../adapters/outstanding.ts';
import { findRequest } from '../../adapters/requests.ts';
import type { Copy } from '../../domain/clean-up.ts';
import { copyNames } from '../../domain/completion.ts';
import { RunId } from '../../domain/ids.ts';
import { startRun } from './starting.ts';

/** Whether an erasure superseded a copy, so that it goes whatever its age; where the platform says so. */
export async function supersededByErasures(): Promise<(copy: Copy) => boolean> {
  const rows = await ofErasures();
  const names = new Set(rows.flatMap(({ copies }) => (copies === 'all' ? [] : copyNames(copies))));
  const before = rows.flatMap(({ copies, certifiedAt }) => (copies === 'all' ? [certifiedAt] : []));
  return ({ copy, inactiveSince }) =>
    names.has(copy) || before.some((certifiedAt) => inactiveSince <= certifiedAt);
}

/**
 * Starts a run when a request has closed as erased. Its name is that of a request which waits for
 * it, so that who dies after the start, and starts it again, starts nothing.
 */
export async function purgeAfterErasures(now: Date): Promise<void> {
  const waiting = (await ofErasures()).filter(({ purgeStartedAt }) => !purgeStartedAt);
  const [first] = waiting;
  if (!first) return;
  const runId = RunId.parse(`run-${first.requestId}`);
  await startRun(runId, 'erasure');
  await mapLimited(waiting, 10, ({ requestId }) =>
    recordChange([purgeStarted(requestId, now.toISOString())], {
      chain: `request/${requestId}`,
      event: 'purgeStarted',
      by: 'sweeper',
      facts: { run: runId },
    }),
  );
}

/** Certificates of requests that have closed as erased, and whose residue is not gone. */
async function ofErasures(): Promise<OutstandingRow[]> {
  const { retention } = platformDefinition().platform;
  if (!retention.purgeSupersededAfterErasure) return [];
  const rows = await mapLimited(await all(outstandingRows()), 20, async (row) =>
    (await findRequest(row.requestId))?.outcome === 'erased' ? [row] : [],
  );
  return rows.flat();
}
