import { platformDefinition } from '../adapters/configuration.ts';
import {
  builtTables,
  type CycleRow,
  findCycle,
  refreshedSources,
  runningCycles,
} from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import type { RequestRow } from '../adapters/requests.ts';
import type { CycleReport } from '../domain/desk-reports.ts';
import type { SourceStatus } from '../domain/refresh.ts';

/** The cycle that carries it now, or that released it last. */
export async function reportCycleOf(request: RequestRow): Promise<CycleReport | undefined> {
  const running = (await Promise.all((await runningCycles()).map(findCycle))).find((begun) =>
    begun?.members.some(({ requestId }) => requestId === request.requestId),
  );
  const cycle = running ?? (request.cycleId ? await findCycle(request.cycleId) : undefined);
  if (!cycle) return undefined;
  const { cycleId, phase } = cycle;
  return phase === 'refreshing'
    ? { cycleId, phase, ...(await progressOf(cycle)) }
    : { cycleId, phase };
}

/** Not tried again in this cycle. */
const FAILED: SourceStatus[] = ['failedPermanent', 'heldForLoss'];

async function progressOf({
  cycleId,
  sources,
}: CycleRow): Promise<Pick<CycleReport, 'sources' | 'tables'>> {
  const { models, segments } = platformDefinition().platform;
  const [refreshed, built] = await Promise.all([
    all(refreshedSources(cycleId)),
    all(builtTables(cycleId)),
  ]);
  return {
    sources: {
      done: refreshed.filter(({ outcome }) => outcome === 'successful').length,
      failed: refreshed.filter(({ outcome }) => FAILED.includes(outcome)).length,
      of: sources.length,
    },
    tables: {
      done: built.filter(({ outcome }) => outcome === 'built').length,
      failed: built.filter(({ outcome }) => outcome === 'failed').length,
      of: Object.keys({ ...models, ...segments }).length,
    },
  };
}
