import * as z from 'zod';
import { ensureFaultKeys } from '../adapters/faults.ts';
import { keepRegisteredAdmin, mailAnew, sendAdminNews } from '../steps/changing-admin.ts';
import { purgeAfterErasures } from '../steps/cleaning/purging.ts';
import { startScheduledRun } from '../steps/cleaning/starting.ts';
import { forgetGatherings } from '../steps/gathering-ends.ts';
import { ensureCycle, ensureGathering, ensureVerification } from '../steps/lines.ts';
import { tellOfLockedCodes } from '../steps/locked-codes.ts';
import { enterPolicyChange } from '../steps/policy-changes.ts';
import { queueRefresh } from '../steps/queueing.ts';
import { regardless } from '../steps/regardless.ts';
import { keepRunning } from '../steps/restarting.ts';
import {
  endDeadCycles,
  lookAfterRequests,
  nudgeDueWaits,
  passOnDecisions,
} from '../steps/sweeping.ts';
import { step } from './step.ts';

/** Each minute: sees to it that nothing is left lying, whatever died and wherever. */
export const sweep = step('sweep', z.unknown(), async () => {
  const now = new Date();
  // Each on its own: what fails of one must not keep the others from their work.
  await regardless(
    [
      () => ensureFaultKeys(now),
      enterPolicyChange,
      () => keepRegisteredAdmin(now),
      () => mailAnew(now),
      () => nudgeDueWaits(now),
      sendAdminNews,
      () => tellOfLockedCodes(now),
      lookAfterRequests,
      passOnDecisions,
      () => ensureCycle({ askHolder: true }),
      endDeadCycles,
      () => ensureVerification({ askHolder: true }),
      () => ensureGathering({ askHolder: true }),
      forgetGatherings,
      () => purgeAfterErasures(now),
    ],
    (work) => work(),
  );
  return { outcome: 'swept' as const };
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
  } else if (name.startsWith('run-')) {
    // A clean-up: the next one tries again, and an alarm has told of it.
  } else if (name.startsWith('v-')) await ensureVerification({ ended: { name, state: 'died' } });
  else if (name.startsWith('g-')) await ensureGathering({ ended: { name, state: 'died' } });
  else await keepRunning(name.split('-')[0] ?? '');
  return { outcome: 'handled' as const };
});

/** The platform's own schedule: a refresh of every source, for nobody. */
export const scheduledRefresh = step('scheduledRefresh', z.unknown(), () =>
  queueRefresh({ sources: [], by: 'schedule' }),
);

/** The platform's own schedule, which may come twice. */
export const scheduledCleanUp = step('scheduledCleanUp', z.unknown(), async () => ({
  outcome: 'started' as const,
  runId: await startScheduledRun(new Date()),
}));
