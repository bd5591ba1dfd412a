import { sourceRows } from '../adapters/catalog.ts';
import { configuration, platformDefinition } from '../adapters/configuration.ts';
import { endedCycle, lockRow, runningCycles } from '../adapters/cycles.ts';
import { all, transact } from '../adapters/dynamo.ts';
import { runningExecutions } from '../adapters/executions.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import { recordChange } from '../adapters/ledger.ts';
import { registeredAdmin } from '../adapters/registered-admin.ts';
import { requestsListed } from '../adapters/requests.ts';
import { answer, deliver, dueWaits, passedUp, postponed, type WaitRow } from '../adapters/waits.ts';
import { ADMIN_CHANGE, changeAfterSeconds } from '../domain/registered-admin.ts';
import {
  expiryOf,
  isUntold,
  latestDue,
  nudge,
  secondsAfter,
  type WaitRole,
} from '../domain/wait.ts';
import { attemptName } from './attempts.ts';
import { expireChange } from './ending-admin-change.ts';
import { endWaits, waitEntry } from './ending-waits.ts';
import { pauseWaits } from './holding.ts';
import { passOn } from './passing-on.ts';
import { regardless } from './regardless.ts';
import { keepRunning } from './restarting.ts';
import { tell, tellResurrected } from './telling.ts';

const A_DAY_SECONDS = 86_400;

/** Redelivers answers, reminds, and passes up what is overdue. */
export async function nudgeDueWaits(now: Date): Promise<number> {
  const { platform } = platformDefinition();
  const waits = await all(dueWaits(now, latestDue(now, platform.waits)));
  const resurrected: WaitRow[] = [];
  await regardless(waits, async (wait) => {
    if (wait.answer) return deliver(wait);
    const nudged = await nudgedNow(wait, now);
    if (!nudged) return;
    // A restored backup brings back many, who make one mail.
    if (wait.kind === 'resurrected') resurrected.push(nudged);
    else await tell(nudged, now);
  });
  await regardless(['tenantAdmin', 'operator'] as const, async (role) => {
    const about = resurrected.filter((wait) => wait.role === role);
    if (about.length > 0) await tellResurrected(about, role, now);
  });
  return waits.length;
}

/** The wait as it is to be told now, of whoever's turn it has become; `undefined`: it has ended. */
async function nudgedNow(wait: WaitRow, now: Date): Promise<WaitRow | undefined> {
  const { waits, verification } = platformDefinition().platform;
  const { deadline: ends } = wait;
  const next =
    wait.expires && ends
      ? expiryOf({ ...wait, deadline: ends }, now, waits)
      : nudge(wait, now, { ...waits, ...verification });
  if (next.nudge === 'expire' && isUntold(wait)) return timeBegunAnew(wait, now);
  if (next.nudge === 'expire') return void (await expire(wait, now));
  if (next.nudge === 'later') return void (await transact([postponed(wait, next.remindAt)]));
  const { role, deadline } = next;
  if (next.nudge === 'remind') return { ...wait, role, deadline };
  // Recorded before it is mailed: whose turn it is must not depend on a mail.
  const up = { role, deadline, remindAt: now.toISOString() };
  const recorded = await recordChange([passedUp(wait, up)], {
    chain: `request/${wait.owner}`,
    event: 'waitEscalated',
    by: 'sweeper',
    facts: { wait: wait.waitId, role: role satisfies WaitRole },
  });
  return recorded === 'recorded' ? { ...wait, ...up, toldAt: undefined } : undefined;
}

/** No mail has left in all that time, or only now there is somebody to ask: they get time to answer. */
async function timeBegunAnew(wait: WaitRow, now: Date): Promise<WaitRow> {
  const seconds =
    wait.kind === ADMIN_CHANGE ? changeAfterSeconds(await registeredAdmin()) : A_DAY_SECONDS;
  const later = { ...wait, deadline: secondsAfter(now, seconds) };
  await transact([postponed(later, now.toISOString())]);
  return later;
}

/** The deadline answers as a person would; who typed the code a moment before was first. */
const expire = (wait: WaitRow, now: Date) =>
  wait.kind === ADMIN_CHANGE
    ? expireChange(wait, now)
    : answer(
        wait,
        { option: 'expired', by: 'deadline', at: now.toISOString() },
        waitEntry(wait, 'expired', 'deadline'),
      );

/**
 * Starts again every open request that has neither an execution nor a wait on a person, and ends
 * the waits of those that somebody has decided to close, or to hold.
 */
export async function lookAfterRequests(): Promise<void> {
  const { deleteCustomerData, exportData } = configuration().flows;
  const [erasing, exporting] = await Promise.all(
    [deleteCustomerData, exportData].map(runningExecutions),
  );
  const running = new Set([...(erasing ?? []), ...(exporting ?? [])]);
  await regardless(
    await all(requestsListed('open')),
    async ({ requestId, attempt, closing, legalHold }) => {
      if (closing) await endWaits(requestId, closing);
      if (legalHold) await pauseWaits(requestId, legalHold);
      if (!running.has(attemptName(requestId, attempt))) await keepRunning(requestId);
    },
  );
}

/** An accepted loss answers for all that need the source, whatever died while it was passed on. */
export async function passOnDecisions(): Promise<void> {
  for await (const { source, acceptLoss } of sourceRows()) {
    if (acceptLoss) await passOn(source, { option: 'acceptLoss', ...acceptLoss });
  }
}

/**
 * A cycle that has lost its turn is over: its members' identities go, and what it built and never
 * published is inactive from now.
 */
export async function endDeadCycles(): Promise<void> {
  // Before the holder is read: a cycle that begins in between must not be taken for a dead one.
  const begun = await runningCycles();
  const holder = (await lockRow('CYCLE'))?.holder;
  for (const cycleId of begun) {
    if (cycleId === holder) continue;
    await lakeStorage().erase(`work/${cycleId}/`);
    const endedAt = new Date().toISOString();
    await recordChange(endedCycle(cycleId, { endedAt }), {
      chain: `cycle/${cycleId}`,
      event: 'cycleDied',
      by: 'sweeper',
    });
  }
}
