import { endedCycle, findCycle, unqueued } from '../adapters/cycles.ts';
import { recordChange } from '../adapters/ledger.ts';
import type { CycleId } from '../domain/ids.ts';
import { askAboutResurrected } from './resurrected.ts';
import { warnOfFailedBuild } from './warning-support.ts';

/** Enters the end of a cycle, and takes out of the queue the refreshes that it answered. */
export async function endOfCycle(cycleId: CycleId): Promise<void> {
  const cycle = await findCycle(cycleId);
  if (!cycle || cycle.endedAt) return;
  for (const sk of cycle.refreshes)
    await recordChange([unqueued(sk)], entry(cycleId, 'refreshDone'));
  await warnOfFailedBuild(cycleId);
  await askAboutResurrected(cycleId);
  const endedAt = new Date().toISOString();
  await recordChange(
    endedCycle(cycleId, { phase: 'ended', endedAt }),
    entry(cycleId, 'cycleEnded', { members: cycle.members.length }),
  );
}

const entry = (cycleId: CycleId, event: string, facts = {}) => ({
  chain: `cycle/${cycleId}`,
  event,
  by: 'endCycle',
  facts,
});
