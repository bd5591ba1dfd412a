import { sourcesToRefresh } from '../../lambdas/domain/cycle-plan.ts';
import { outcomeFor } from '../../lambdas/domain/cycle-result.ts';
import type { Platform } from '../../lambdas/domain/platform.ts';
import type { Here } from './action.ts';
import {
  type CycleRow,
  has,
  maskOf,
  members,
  type RequestState,
  requestAt,
  violate,
  type World,
} from './world.ts';

export const aCycle = (world: World, of: number, refresh: boolean): CycleRow => ({
  members: of,
  refresh,
  plan: planFor(world, of, refresh),
  refreshed: 0,
  failed: 0,
  freshFor: Array.from({ length: world.setup.sources }, () => 0),
  published: false,
  proven: false,
  foundIn: 0,
  ended: false,
});

function planFor(world: World, of: number, refresh: boolean): number {
  const names = Array.from({ length: world.setup.sources }, (_, source) => `${source}`);
  const platform = { sources: Object.fromEntries(names.map((name) => [name, {}])) };
  const wanted = members(of).map((index) =>
    names.filter((name) => has(requestAt(world, index).needs, Number(name))),
  );
  const sources = sourcesToRefresh(
    platform as unknown as Platform,
    [...wanted, ...(refresh ? ['all' as const] : [])],
    new Set(names),
  );
  return maskOf(names, (name) => sources.includes(name));
}

/** The step after the door, and after each source. */
export function nextSource({ plan, refreshed, failed }: CycleRow): string {
  if (plan & ~refreshed & ~failed) return 'refreshSource.extract';
  return refreshed || plan === 0 ? 'publish.record' : 'release.read';
}

/** What one member is told, and whether that may be. */
export function release(
  { world, turn: { row } }: Here,
  request: RequestState,
  index: number,
): string {
  if (!row) return '';
  const outcome = outcomeFor({
    failedSources: members(request.needs & row.failed).length,
    buildFailed: false,
    published: row.published,
    tables: 1,
    scannedTables: row.proven ? 1 : 0,
    foundIn: has(row.foundIn, index) ? 1 : 0,
    undeclared: 0,
  });
  request.cycleResult = outcome;
  request.releases += 1;
  if (request.releases > 1) violate(world, 'a request was released twice in one round');
  const isFresh = members(request.needs).every(
    (source) => has(row.refreshed, source) && has(row.freshFor[source] ?? 0, index),
  );
  if (outcome === 'proven' && !(isFresh && row.published))
    violate(world, 'a request was released without its refresh');
  return outcome;
}
