import { platformDefinition } from '../adapters/configuration.ts';
import { recordChange } from '../adapters/ledger.ts';
import { sendMail } from '../adapters/mail.ts';
import { noteReturned, noteTold } from '../adapters/sent-mails.ts';
import { findWaitByKey, reasoned } from '../adapters/waits.ts';
import { changeUndeliverableMail } from '../domain/admin-mails.ts';
import { purposeOf } from '../domain/code.ts';
import { type Returned, undeliverableMail } from '../domain/loop-mails.ts';
import { isChangeOwner } from '../domain/registered-admin.ts';
import { chainOf } from '../domain/wait-owner.ts';

type Outcome = 'shown' | 'answered' | 'unmatched';

/** A mail came back, or was marked as unwanted: of which request, if it held a code or a link. */
export async function recordReturned(
  messageId: string,
  returned: Returned,
): Promise<{ outcome: Outcome }> {
  const { requestId, wait, operatorToldAt } = await noteReturned(messageId, returned);
  // Of no request's mail, or of one whose sender has not noted it yet and will see this row.
  if (requestId === undefined || wait === undefined) return { outcome: 'unmatched' };
  if (operatorToldAt) return { outcome: 'shown' };
  return { outcome: await showReturned({ messageId, requestId, wait, returned }) };
}

/** The wait shows it, and the operator is told; reminders, deadline and legal clock run on. */
export async function showReturned(mail: {
  messageId: string;
  requestId: string;
  /** Sort key. */
  wait: string;
  returned: Returned;
}): Promise<'shown' | 'answered'> {
  const { messageId, requestId, returned } = mail;
  const wait = await findWaitByKey({ pk: requestId, sk: mail.wait });
  const purpose = wait && purposeOf(wait);
  const isChange = isChangeOwner(requestId);
  if (!wait || wait.answer || !(purpose || isChange)) return 'answered';
  const recorded = await recordChange([reasoned(wait, 'undeliverable')], {
    chain: chainOf(requestId),
    event: 'mailUndeliverable',
    by: 'recordBounce',
    facts: { wait: wait.waitId, to: wait.recipient ?? 'tenantAdmin', returned },
  });
  if (recorded === 'refused') return 'answered';
  const { operator } = platformDefinition().platform;
  const words = purpose
    ? undeliverableMail(requestId, { about: purpose, recipient: wait.recipient }, returned)
    : changeUndeliverableMail(returned);
  await sendMail(operator.email, words);
  await noteTold(messageId, new Date());
  return 'shown';
}
