import { type CodeRow, newestCode } from '../adapters/codes.ts';
import { findLink } from '../adapters/links.ts';
import { findRegistration } from '../adapters/registered-admin.ts';
import { findWait, type WaitRow } from '../adapters/waits.ts';
import {
  ADMIN_CHANGE,
  ADMIN_CHANGE_ROUND,
  type Admin,
  changeOwner,
} from '../domain/registered-admin.ts';

/** What the code of a change would answer, as it stands. Reading it changes nothing. */
export interface AskedChange {
  wait: WaitRow;
  code: CodeRow;
  from: Admin;
  /** Absent once it has ended. */
  to?: Admin;
}

/** `undefined`: no such link, or one of a request. */
export async function findAskedChange(link: string): Promise<AskedChange | undefined> {
  const linked = await findLink(link);
  if (linked?.purpose !== ADMIN_CHANGE) return undefined;
  const { requestId: owner } = linked;
  const [wait, code, registration] = await Promise.all([
    findWait(owner, ADMIN_CHANGE, ADMIN_CHANGE_ROUND),
    newestCode(owner, ADMIN_CHANGE),
    findRegistration(),
  ]);
  if (!wait || !code || !registration) return undefined;
  const { admin: from, asked, pending } = registration;
  return { wait, code, from, ...(changeOwner(asked) === owner && { to: pending }) };
}
