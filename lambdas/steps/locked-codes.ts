import { type CodeRow, lookedAt, triedCodes } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { all, transact } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { sendMail } from '../adapters/mail.ts';
import { registeredAdmin } from '../adapters/registered-admin.ts';
import { findRequest } from '../adapters/requests.ts';
import { findWait, reasoned, type WaitRow } from '../adapters/waits.ts';
import { standingOf } from '../domain/code.ts';
import { RequestId } from '../domain/ids.ts';
import { lockedMail } from '../domain/loop-mails.ts';
import { chainOf } from '../domain/wait-owner.ts';
import { ROUND } from './asking-by-code.ts';
import { regardless } from './regardless.ts';

/** That a code is locked stands on its wait, until the next one is sent. */
export async function showLocked(wait: WaitRow, { purpose, n }: CodeRow, by: string) {
  if (wait.answer || wait.reasonCode === 'codeLocked') return;
  await recordChange([reasoned(wait, 'codeLocked')], {
    chain: chainOf(wait.owner),
    event: 'codeLocked',
    by,
    facts: { purpose, n },
  });
}

/**
 * Tells the operator, and the tenant admin if it was theirs, once a code, that it is locked: what
 * tries codes mails nobody, so that the sweep looks at each that was tried.
 */
export async function tellOfLockedCodes(now: Date): Promise<void> {
  await regardless(await all(triedCodes()), async (code) => {
    if (standingOf(code, now) === 'locked') await tellIfAsked(code);
    await transact([lookedAt(code)]);
  });
}

/** Nobody needs a code of what is answered or ending, or of a package that is gone. */
async function tellIfAsked(code: CodeRow): Promise<void> {
  const { pk: owner, purpose, which = ROUND, n } = code;
  const wait = await findWait(owner, purpose, which);
  if (!wait || wait.answer || (await isEnding(owner))) return;
  await showLocked(wait, code, 'sweeper');
  const { operator } = platformDefinition().platform;
  // A recipient has no command to ask for another; the operator sees to it.
  const told = wait.recipient ? ['operator'] : ['tenantAdmin', 'operator'];
  const mail = lockedMail(owner, purpose);
  let knowing = 0;
  await regardless(told, async (role) => {
    await sendMail(role === 'operator' ? operator.email : (await registeredAdmin()).email, mail);
    knowing += 1;
  }).catch((error: unknown) => {
    // Tried again each minute, it would be told to the one who knows each minute.
    if (knowing === 0) throw error;
  });
  await recordChange([], {
    chain: chainOf(owner),
    event: 'codeLockedTold',
    by: 'sweeper',
    facts: { purpose, n, to: told.join(' ') },
  });
}

async function isEnding(owner: string): Promise<boolean> {
  const requestId = RequestId.safeParse(owner).data;
  if (!requestId) return false;
  const request = await findRequest(requestId);
  return !request || request.outcome !== undefined || request.closing !== undefined;
}
