import { type CodeRow, lookedAt, triedCodes } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { all, transact } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { sendMail } from '../adapters/mail.ts';
import { findRequest } from '../adapters/requests.ts';
import { findWait, reasoned, type WaitRow } from '../adapters/waits.ts';
import { standingOf } from '../domain/code.ts';
import { lockedMail } from '../domain/loop-mails.ts';
import { ROUND } from './asking-by-code.ts';
import { regardless } from './regardless.ts';

/** That a code is locked stands on its wait, until the next one is sent. */
export async function showLocked(wait: WaitRow, { purpose, n }: CodeRow, by: string) {
  if (wait.answer || wait.reasonCode === 'codeLocked') return;
  await recordChange([reasoned(wait, 'codeLocked')], {
    chain: `request/${wait.owner}`,
    event: 'codeLocked',
    by,
    facts: { purpose, n },
  });
}

/**
 * Tells the registered tenant admin and the operator, once a code, that it is locked: what tries
 * codes mails nobody, so that the sweep looks at each that was tried.
 */
export async function tellOfLockedCodes(now: Date): Promise<void> {
  await regardless(await all(triedCodes()), async (code) => {
    if (standingOf(code, now) === 'locked') await tellIfAsked(code);
    await transact([lookedAt(code)]);
  });
}

/** Nobody needs a code of a request that is ending, or of a package that is gone. */
async function tellIfAsked(code: CodeRow): Promise<void> {
  const { pk: requestId, purpose, n } = code;
  const [request, wait] = await Promise.all([
    findRequest(requestId),
    findWait(requestId, purpose, ROUND),
  ]);
  if (!request || !wait || request.outcome || request.closing) return;
  await showLocked(wait, code, 'sweeper');
  const { tenantAdmin, operator } = platformDefinition().platform;
  const mail = lockedMail(requestId, purpose);
  await regardless([tenantAdmin.email, operator.email], (to) => sendMail(to, mail));
  await recordChange([], {
    chain: `request/${requestId}`,
    event: 'codeLockedTold',
    by: 'sweeper',
    facts: { purpose, n, to: 'tenantAdmin operator' },
  });
}
