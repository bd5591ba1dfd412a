import { platformDefinition } from '../adapters/configuration.ts';
import { builtTables, endedCycle, findCycle, unqueued } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { sendMail } from '../adapters/mail.ts';
import type { CycleId } from '../domain/ids.ts';
import { buildFailedMail } from '../domain/mails.ts';
import { askAboutResurrected } from './resurrected.ts';

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

/** A model that fails leaves the old snapshot active: somebody has to mend its SQL. */
async function warnOfFailedBuild(cycleId: CycleId): Promise<void> {
  const failed = (await all(builtTables(cycleId))).filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return;
  const { platform } = platformDefinition();
  await sendMail(platform.supportContact.email, buildFailedMail(cycleId, failed));
  const names = failed.map(({ kind, name }) => `${kind} ${name}`);
  await recordChange(
    [],
    entry(cycleId, 'supportContactWarned', { kind: 'buildFailed', failed: names }),
  );
}

export const warned = (cycleId: CycleId, source: string, status: string) =>
  recordChange(
    [],
    entry(cycleId, 'supportContactWarned', { kind: 'sourceFailed', source, status }),
  );

const entry = (cycleId: CycleId, event: string, facts = {}) => ({
  chain: `cycle/${cycleId}`,
  event,
  by: event === 'supportContactWarned' ? 'warnSupportContact' : 'endCycle',
  facts,
});
