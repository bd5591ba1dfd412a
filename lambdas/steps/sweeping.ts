import { sourceRows } from '../adapters/catalog.ts';
import { configuration, platformDefinition } from '../adapters/configuration.ts';
import { endedCycle, lockRow, runningCycles } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { runningExecutions } from '../adapters/executions.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import { recordChange } from '../adapters/ledger.ts';
import { sendMail } from '../adapters/mail.ts';
import { requestsListed } from '../adapters/requests.ts';
import { unsetOwnerTold, verifyingRows } from '../adapters/verifying.ts';
import { deliver, dueWaits, passedOn, type WaitRow } from '../adapters/waits.ts';
import { lineStuckMail, type Mail, reminderMail } from '../domain/mails.ts';
import { lineOwning } from '../domain/turn.ts';
import { nudge, type Role } from '../domain/wait.ts';
import { addressOf } from './asking.ts';
import { attemptName } from './opening.ts';
import { passOn } from './passing-on.ts';
import { keepRunning } from './restarting.ts';

/** Redelivers answers, reminds, and passes up what is overdue. */
export async function nudgeDueWaits(now: Date): Promise<number> {
  const waits = await all(dueWaits(now));
  for (const wait of waits) await (wait.answer ? deliver(wait) : remind(wait, now));
  return waits.length;
}

async function remind(wait: WaitRow, now: Date): Promise<void> {
  const { platform } = platformDefinition();
  const { nudge: kind, role, remindAt, deadline } = nudge(wait, now, platform.waits);
  if (role === 'sourceOwner') await tellOwnersAgain(wait);
  else await sendMail(addressOf(platform, role), reminderOf(wait, role));
  await recordChange([passedOn(wait, { role, remindAt, deadline })], {
    chain: lineOwning(wait.owner) ? 'platform' : `request/${wait.owner}`,
    event: kind === 'escalate' ? 'waitEscalated' : 'waitReminded',
    by: 'sweeper',
    facts: { wait: wait.waitId, role: role satisfies Role },
  });
}

function reminderOf(wait: WaitRow, role: Role): Mail {
  const line = lineOwning(wait.owner);
  return line
    ? lineStuckMail(line, Number(wait.waitId.split('#').at(-1)))
    : reminderMail(wait, role);
}

/** The next pass mails the owners of all sources that have still not let go. */
async function tellOwnersAgain({ owner }: WaitRow): Promise<void> {
  for await (const { requestId, round, sources } of verifyingRows(owner)) {
    for (const [source, state] of Object.entries(sources)) {
      if (state.ownerToldAt) await unsetOwnerTold(requestId, round, source);
    }
  }
}

/** Starts again every open request that has neither an execution nor a wait on a person. */
export async function startMissing(): Promise<number> {
  const running = await runningExecutions(configuration().flows.deleteCustomerData);
  let started = 0;
  for await (const { requestId, attempt } of requestsListed('open')) {
    if (running.has(attemptName(requestId, attempt))) continue;
    await keepRunning(requestId);
    started += 1;
  }
  return started;
}

/** An accepted loss answers for all that need the source, whatever died while it was passed on. */
export async function passOnDecisions(): Promise<void> {
  for await (const { source, acceptLoss } of sourceRows()) {
    if (acceptLoss) await passOn(source, 'acceptLoss', acceptLoss.by);
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
