import { ulid } from 'ulid';
import { lossAccepted } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { findCycle, queued } from '../adapters/cycles.ts';
import { recordChange } from '../adapters/ledger.ts';
import type { RefreshRequested, RequestRefresh } from '../domain/desk.ts';
import { ensureCycle } from './lines.ts';

/**
 * Queues a refresh of named sources, or of all, for nobody: it joins the next cycle. A loss can be
 * accepted here too, because nobody is asked about one that no request waits for.
 */
export async function queueRefresh({
  sources,
  acceptLoss = false,
  by,
}: RequestRefresh): Promise<RefreshRequested> {
  const known = Object.keys(platformDefinition().platform.sources);
  const problems = sources
    .filter((source) => !known.includes(source))
    .map((source) => `${source}: there is no such source. The platform has ${known.join(', ')}.`);
  if (acceptLoss && sources.length === 0)
    problems.push('acceptLoss: it is accepted source by source. Name those that lost their rows.');
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const at = new Date().toISOString();
  const accepted = acceptLoss ? sources.map((source) => lossAccepted(source, by, at)) : [];
  const entry = queued(`refresh#${ulid()}`, sources.length > 0 ? sources : 'all');
  await recordChange([entry, ...accepted], {
    chain: 'platform',
    event: 'refreshRequested',
    by,
    facts: { sources, acceptLoss },
  });
  const cycle = await ensureCycle();
  // Past its door, the one that runs carries nobody who comes now.
  const isClosed = cycle !== undefined && (await findCycle(cycle)) !== undefined;
  return isClosed ? { outcome: 'queued' } : { outcome: 'queued', cycle };
}
