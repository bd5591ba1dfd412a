import { ulid } from 'ulid';
import { platformDefinition } from '../adapters/configuration.ts';
import { queued } from '../adapters/cycles.ts';
import { recordChange } from '../adapters/ledger.ts';
import type { RefreshRequested, RequestRefresh } from '../domain/desk.ts';
import { ensureCycle } from './lines.ts';

/** Queues a refresh of named sources, or of all, for nobody: it joins the next cycle. */
export async function queueRefresh({ sources, by }: RequestRefresh): Promise<RefreshRequested> {
  const known = Object.keys(platformDefinition().platform.sources);
  const problems = sources
    .filter((source) => !known.includes(source))
    .map((source) => `${source}: there is no such source. The platform has ${known.join(', ')}.`);
  if (problems.length > 0) return { outcome: 'invalid', problems };
  await recordChange([queued(`refresh#${ulid()}`, sources.length > 0 ? sources : 'all')], {
    chain: 'platform',
    event: 'refreshRequested',
    by,
    facts: { sources },
  });
  const cycle = await ensureCycle();
  return { outcome: 'queued', cycle };
}
