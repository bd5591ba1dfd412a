import { platformDefinition } from '../adapters/configuration.ts';
import { classOf } from '../adapters/faults.ts';
import { recordChange } from '../adapters/ledger.ts';
import { logger } from '../adapters/logger.ts';
import { sendMail } from '../adapters/mail.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { registeredAdmin } from '../adapters/registered-admin.ts';
import { unsetOwnerTold, verifyingRows } from '../adapters/verifying.ts';
import { findWait, told, type WaitRow } from '../adapters/waits.ts';
import { purposeOf } from '../domain/code.ts';
import { unconfirmedMail } from '../domain/loop-mails.ts';
import {
  decisionMail,
  holdMail,
  lineStuckMail,
  type Mail,
  reminderMail,
  requestStoppedMail,
  resurrectedMail,
} from '../domain/mails.ts';
import { ADMIN_CHANGE } from '../domain/registered-admin.ts';
import { lineOwning } from '../domain/turn.ts';
import { type Role, secondsAfter, type WaitRole } from '../domain/wait.ts';
import { chainOf } from '../domain/wait-owner.ts';
import { mailChangeCode } from './mailing-admin-change.ts';
import { mailCode } from './mailing-codes.ts';

/** The registered address of a role; only a source's owner differs by source. */
const addressOf = async (role: Exclude<Role, 'sourceOwner'>): Promise<string> =>
  (role === 'operator' ? platformDefinition().platform.operator : await registeredAdmin()).email;

/** Mails whoever a wait is on, and sees to it that they are reminded. Throws when no mail left. */
export async function tell(wait: WaitRow, now: Date): Promise<void> {
  const { platform } = platformDefinition();
  const role = wait.role ?? 'operator';
  const purpose = purposeOf(wait);
  if (purpose) await mailCode(wait, purpose, now);
  if (wait.kind === ADMIN_CHANGE) await mailChangeCode(wait, now);
  else if (role === 'sourceOwner') await tellOwnersAgain(wait);
  else if (purpose) await tellWhoeverElse(wait, role);
  else if (role !== 'recipient') await sendMail(await addressOf(role), wordsFor(wait, role));
  const remindAt = secondsAfter(now, platform.waits.remindSeconds);
  await recordChange([told(wait, now.toISOString(), remindAt)], {
    chain: chainOf(wait.owner),
    event: wait.toldAt ? 'waitReminded' : 'waitTold',
    by: 'tell',
    facts: {
      ...{ wait: wait.waitId, role, kind: wait.kind, reason: wait.reasonCode },
      ...(wait.recipient && { recipient: wait.recipient }),
    },
  });
}

/** A code is for the registered address alone, whoever the wait was passed up to. */
async function tellWhoeverElse(wait: WaitRow, role: WaitRole): Promise<void> {
  if (role !== 'operator') return;
  const { operator } = platformDefinition().platform;
  await sendMail(operator.email, unconfirmedMail(wait.owner, wait.reasonCode));
}

/** One mail about everybody who came back, however many; then each is due to be reminded of later. */
export async function tellResurrected(
  waits: WaitRow[],
  role: Exclude<Role, 'sourceOwner'>,
  now: Date,
): Promise<void> {
  const { platform } = platformDefinition();
  const reminds = waits.every(({ toldAt }) => toldAt !== undefined);
  await sendMail(await addressOf(role), resurrectedMail(waits, { reminds }));
  const remindAt = secondsAfter(now, platform.waits.remindSeconds);
  await mapLimited(waits, 20, (wait) =>
    recordChange([told(wait, now.toISOString(), remindAt)], {
      chain: `request/${wait.owner}`,
      event: wait.toldAt ? 'waitReminded' : 'waitTold',
      by: 'tellResurrected',
      facts: { wait: wait.waitId, role },
    }),
  );
}

/**
 * Tells whoever was asked just now. The wait is there already, and due within a minute: a mail that
 * does not leave fails nothing here, because the sweep tries again until one does.
 */
export async function tellAsked(owner: string, name: string, round: number): Promise<void> {
  const wait = await findWait(owner, name, round);
  if (!wait || wait.answer || wait.toldAt) return;
  try {
    await tell(wait, new Date());
  } catch (error) {
    logger.error('mailNotSent', { wait: wait.waitId, class: classOf(error) });
  }
}

function wordsFor(wait: WaitRow, role: Role): Mail {
  const line = lineOwning(wait.owner);
  if (line) return lineStuckMail(line, Number(wait.waitId.split('#').at(-1)));
  if (wait.kind === 'fault') return requestStoppedMail(wait.owner);
  const isNews = !wait.toldAt && role === wait.firstRole;
  if (wait.kind === 'legalHold') return holdMail(wait, isNews);
  return isNews ? decisionMail(wait, role) : reminderMail(wait, role);
}

/** The next pass mails the owners of all sources that have still not let go. */
async function tellOwnersAgain({ owner }: WaitRow): Promise<void> {
  for await (const { requestId, round, sources } of verifyingRows(owner)) {
    for (const [source, state] of Object.entries(sources)) {
      if (state.ownerToldAt) await unsetOwnerTold(requestId, round, source);
    }
  }
}
