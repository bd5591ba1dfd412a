import { newsWritten } from '../adapters/admin-news.ts';
import { codeUsed } from '../adapters/codes.ts';
import { namedAdmin, platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import {
  changedRegistration,
  findRegistration,
  type RegistrationRow,
} from '../adapters/registered-admin.ts';
import { answer, type WaitRow } from '../adapters/waits.ts';
import { changeEndedMail } from '../domain/admin-mails.ts';
import type { CodeOutcome } from '../domain/code.ts';
import {
  afterChange,
  type ChangeEnd,
  changeOwner,
  changesOf,
  isSameAdmin,
} from '../domain/registered-admin.ts';
import { findAskedChange } from './asked-admin-change.ts';
import { tryCodeFor } from './trying-codes.ts';

const EVENTS: Record<ChangeEnd, string> = {
  confirmed: 'adminChanged',
  expired: 'adminChanged',
  denied: 'adminChangeDenied',
  withdrawn: 'adminChangeWithdrawn',
};

/**
 * Ends a pending change: its wait is answered, what is registered follows, and who is told is noted,
 * in one transaction. `refused`: it has ended already, or another is pending.
 */
export async function endChange(
  wait: WaitRow,
  end: ChangeEnd,
  { by, now, writes = [], via }: { by: string; now: Date; writes?: Write[]; via?: string },
): Promise<'recorded' | 'refused'> {
  const row = await findRegistration();
  if (!row?.pending || changeOwner(row.asked) !== wait.owner) return 'refused';
  const { address, packageKey, changeAfter } = changesOf(row.admin, row.pending);
  return answer(
    wait,
    { option: end, by, reasonCode: 'none', at: now.toISOString() },
    {
      chain: 'platform',
      event: EVENTS[end],
      by,
      facts: { change: wait.owner, option: end, address, packageKey, changeAfter, via },
    },
    { writes: [...writes, ...ended(row, end, now)] },
  );
}

function ended(row: RegistrationRow, end: ChangeEnd, now: Date): Write[] {
  const { platform } = platformDefinition();
  const { admin: from, pending: to } = row;
  if (!to) return [];
  const mail = changeEndedMail({ platform: platform.platform, from, to }, end);
  const { email } = platform.operator;
  const told = new Set([from.email, to.email, ...(end === 'withdrawn' ? [] : [email])]);
  return [
    changedRegistration({ ...row, ...afterChange(row, end, now) }),
    ...[...told].map((address) => newsWritten(address, mail)),
  ];
}

/** Nobody has answered in time. What the file names no more is not registered: the sweep withdraws it. */
export async function expireChange(wait: WaitRow, now: Date): Promise<void> {
  const pending = (await findRegistration())?.pending;
  if (pending && isSameAdmin(pending, namedAdmin()))
    await endChange(wait, 'expired', { by: 'deadline', now });
}

/** The code of the registered admin confirms or denies, on the page alone. */
export const answerChangeByCode = (
  { link, code }: { link: string; code: string },
  end: 'confirmed' | 'denied',
  now: Date,
): Promise<CodeOutcome> =>
  tryCodeFor(
    () => findAskedChange(link),
    { code, via: 'page' },
    now,
    (asked) =>
      endChange(asked.wait, end, {
        by: 'tenantAdmin',
        via: 'page',
        now,
        writes: [codeUsed(asked.code, now)],
      }),
  );
