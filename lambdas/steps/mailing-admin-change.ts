import { platformDefinition } from '../adapters/configuration.ts';
import { linkOf, pageOf } from '../adapters/links.ts';
import { findRegistration } from '../adapters/registered-admin.ts';
import type { WaitRow } from '../adapters/waits.ts';
import { adminChangeMail } from '../domain/admin-mails.ts';
import { momentWords } from '../domain/loop-mails.ts';
import { ADMIN_CHANGE, changeOwner } from '../domain/registered-admin.ts';
import { newCodeFor, sendAbout } from './mailing-codes.ts';

/**
 * Mails the registered tenant admin a new code for the change that a wait is about.
 * @throws Error when no mail left, or somebody else issued a code at the same moment
 */
export async function mailChangeCode(wait: WaitRow, now: Date): Promise<void> {
  const code = await newCodeFor(wait, ADMIN_CHANGE, now);
  const registration = await findRegistration();
  // It has ended meanwhile, and what it became is told.
  if (code === undefined || !registration?.pending) return;
  if (changeOwner(registration.asked) !== wait.owner) return;
  const { platform, timeZone } = platformDefinition().platform;
  const mail = adminChangeMail({
    platform,
    from: registration.admin,
    to: registration.pending,
    until: momentWords(wait.deadline ?? now.toISOString(), timeZone),
    page: pageOf(ADMIN_CHANGE, await linkOf(wait.owner, ADMIN_CHANGE)),
    code,
    isReminder: wait.toldAt !== undefined,
  });
  await sendAbout(wait, registration.admin.email, mail);
}
