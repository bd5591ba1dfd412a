import { ulid } from 'ulid';
import { platformDefinition } from '../adapters/configuration.ts';
import { classOf, keepFault } from '../adapters/faults.ts';
import { recordChange } from '../adapters/ledger.ts';
import { logger } from '../adapters/logger.ts';
import { sendMail } from '../adapters/mail.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { changedRequest } from '../adapters/requests.ts';
import { newResult } from '../adapters/results.ts';
import { noLongerVerifying, setOwnerTold, type VerifyingRow } from '../adapters/verifying.ts';
import { answer, deliver, openedForPeople, waitKey } from '../adapters/waits.ts';
import { RequestId } from '../domain/ids.ts';
import { type NotGone, stillHeldMail } from '../domain/mails.ts';
import { optionsWhileHeld, ownersToTell } from '../domain/verification.ts';
import { patience } from './asking.ts';

/** Answers a request whose every source has let go. One that was answered already is tidied away. */
export async function release(
  { requestId, round, sources }: Pick<VerifyingRow, 'requestId' | 'round' | 'sources'>,
  by: string,
): Promise<void> {
  const wait = waitKey(requestId, 'sourcesLetGo', round);
  const now = new Date();
  const outcome = await answer(
    wait,
    { option: 'gone', by, at: now.toISOString() },
    {
      chain: `request/${requestId}`,
      event: 'sourcesLetGo',
      by,
      facts: { round, sources: Object.keys(sources) },
    },
    {
      writes: [
        newResult(requestId, 'verification', round, { outcome: 'gone', sources }, now),
        changedRequest(RequestId.parse(requestId), { status: 'open' }),
        noLongerVerifying(requestId, round),
      ],
    },
  );
  if (outcome === 'recorded') return;
  await recordChange([noLongerVerifying(requestId, round)], {
    chain: `request/${requestId}`,
    event: 'verificationDropped',
    by,
    facts: { round },
  });
  await deliver(wait);
}

/**
 * One mail per source for all requests that are new to its owner, by ids. Where none leaves, the
 * waits stand all the same, and the next pass tries again.
 */
export async function tellOwners(rows: VerifyingRow[], passId: string): Promise<void> {
  const { platform } = platformDefinition();
  const bySource = new Map<string, VerifyingRow[]>();
  for (const row of rows) {
    for (const source of ownersToTell(row.sources)) {
      bySource.set(source, [...(bySource.get(source) ?? []), row]);
    }
  }
  for (const [source, waiting] of bySource) {
    const owner = platform.sources[source]?.owner.email;
    if (!owner) continue;
    const requests = waiting.flatMap(({ requestId, sources }): NotGone[] => {
      const { answer, detail } = sources[source] ?? {};
      return answer ? [{ requestId, answer, detail }] : [];
    });
    await mapLimited(waiting, 20, (row) => openForPeople(row));
    try {
      await sendMail(owner, stillHeldMail(source, requests));
    } catch (error) {
      logger.error('mailNotSent', { passId, source, class: classOf(error) });
      const fault = { faultId: ulid(), step: 'answerRequests', class: 'MailNotSent', error };
      await keepFault(fault, { execution: passId });
      continue;
    }
    await mapLimited(waiting, 20, (row) => markTold(source, row));
  }
}

async function markTold(source: string, { requestId, round }: VerifyingRow): Promise<void> {
  const entry = {
    chain: `request/${requestId}`,
    event: 'sourceOwnerTold',
    by: 'answerRequests',
    facts: { source, round, kind: 'stillHeld', to: 'sourceOwner' },
  };
  await recordChange([], entry);
  await setOwnerTold(requestId, round, source, new Date().toISOString());
}

/** From now on the wait is one on people: it has a role, options, and a deadline that escalates. */
async function openForPeople({ requestId, round, sources, since }: VerifyingRow): Promise<void> {
  const { platform } = platformDefinition();
  const now = new Date();
  const { remindAt } = patience(platform, now);
  const patienceMs = platform.verification.patienceSeconds * 1000;
  const deadline = new Date(Date.parse(since) + patienceMs).toISOString();
  const opened = openedForPeople(waitKey(requestId, 'sourcesLetGo', round), {
    openedAt: now.toISOString(),
    role: 'sourceOwner',
    reasonCode: 'stillHeld',
    options: optionsWhileHeld(sources),
    remindAt,
    deadline,
  });
  // Refused when another source has opened it already.
  await recordChange([opened, changedRequest(RequestId.parse(requestId), { status: 'waiting' })], {
    chain: `request/${requestId}`,
    event: 'waitOpened',
    by: 'answerRequests',
    facts: { round, on: 'sourceOwner', reason: 'stillHeld' },
  });
}
