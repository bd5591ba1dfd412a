import { z } from 'zod';
import { ensureFaultKeys } from '../adapters/faults.ts';
import { ensureCycle, ensureVerification } from '../steps/lines.ts';
import { queueRefresh } from '../steps/queueing.ts';
import { keepRunning } from '../steps/restarting.ts';
import { endDeadCycles, nudgeDueWaits, passOnDecisions, startMissing } from '../steps/sweeping.ts';
import { step } from './step.ts';

/** Each minute: sees to it that nothing is left lying, whatever died and wherever. */
export const sweep = step('sweep', z.unknown(), async () => {
  const now = new Date();
  await ensureFaultKeys(now);
  const nudged = await nudgeDueWaits(now);
  const started = await startMissing();
  await passOnDecisions();
  const cycle = await ensureCycle({ askHolder: true });
  await endDeadCycles();
  const pass = await ensureVerification({ askHolder: true });
  return { outcome: 'swept' as const, nudged, started, cycle, pass };
});

const Ended = z.object({
  detail: z.object({
    name: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
  }),
});

/** A rule of EventBridge on executions that did not succeed; the sweeper finds those it misses. */
export const executionEnded = step('executionEnded', Ended, async ({ detail: { name } }) => {
  if (name.startsWith('c-')) {
    await ensureCycle({ ended: { name, state: 'died' } });
    await endDeadCycles();
  } else if (name.startsWith('v-')) await ensureVerification({ ended: { name, state: 'died' } });
  else await keepRunning(name.split('-')[0] ?? '');
  return { outcome: 'handled' as const };
});

/** The platform's own schedule: a refresh of every source, for nobody. */
export const scheduledRefresh = step('scheduledRefresh', z.unknown(), () =>
  queueRefresh({ sources: [], by: 'schedule' }),
);
