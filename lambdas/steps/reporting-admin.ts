import { namedAdmin } from '../adapters/configuration.ts';
import { findRegistration } from '../adapters/registered-admin.ts';
import { findWait } from '../adapters/waits.ts';
import type { AdminReport } from '../domain/desk-reports.ts';
import {
  ADMIN_CHANGE,
  ADMIN_CHANGE_ROUND,
  changeOwner,
  isSameAdmin,
} from '../domain/registered-admin.ts';
import { summaryOf } from './open-waits.ts';

/** Who is registered, and what has become of whom the file names. */
export async function reportAdmin(): Promise<AdminReport> {
  const named = namedAdmin();
  const registration = await findRegistration();
  if (!registration) return { registered: named };
  const { admin: registered, since, asked, pending, denied } = registration;
  const report = { registered, since };
  if (pending) {
    const wait = await findWait(changeOwner(asked), ADMIN_CHANGE, ADMIN_CHANGE_ROUND);
    return { ...report, named: pending, wait: wait && summaryOf(wait) };
  }
  if (isSameAdmin(registered, named)) return report;
  return { ...report, named, denied: denied !== undefined && isSameAdmin(denied, named) };
}
