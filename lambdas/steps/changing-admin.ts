import { forgetNews, newsWritten, unsentNews } from '../adapters/admin-news.ts';
import { namedAdmin, platformDefinition } from '../adapters/configuration.ts';
import { all, transact, type Write } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { linkOf, linkOfPlatform } from '../adapters/links.ts';
import { sendMail } from '../adapters/mail.ts';
import {
  changedRegistration,
  findRegistration,
  firstRegistered,
  type RegistrationRow,
} from '../adapters/registered-admin.ts';
import { requestsListed } from '../adapters/requests.ts';
import { findWait, newWait, postponed, waitsOf } from '../adapters/waits.ts';
import { changeAskedMail, namedMail } from '../domain/admin-mails.ts';
import { WAITING_REASON } from '../domain/code.ts';
import { momentWords } from '../domain/loop-mails.ts';
import {
  ADMIN_CHANGE,
  ADMIN_CHANGE_ROUND,
  type Admin,
  changeAfterSeconds,
  changeOwner,
  changesOf,
  nextMove,
} from '../domain/registered-admin.ts';
import { secondsAfter } from '../domain/wait.ts';
import { TOLD_WITHIN_SECONDS } from './asking.ts';
import { endChange } from './ending-admin-change.ts';
import { regardless } from './regardless.ts';
import { tellAsked } from './telling.ts';

/** A pending change is withdrawn, then another is asked about; a third move would be somebody else's. */
const MOVES_A_SWEEP = 3;

/**
 * Holds whom platform.yaml names against who is registered: registers the first, asks the registered
 * one about another, withdraws what the file names no more. Safe to repeat, and by several at once.
 */
export async function keepRegisteredAdmin(now: Date): Promise<void> {
  const named = namedAdmin();
  for (let moves = 0; moves < MOVES_A_SWEEP; moves += 1) {
    const row = await findRegistration();
    const move = nextMove(row, named);
    if (move === 'nothing') return;
    if (!row) await register(named, now);
    else if (move === 'withdraw') await withdraw(row, now);
    else if (move === 'forgetDenial') await forgetDenial(row);
    else await ask(row, named, now);
  }
}

const register = (named: Admin, now: Date) =>
  recordChange([firstRegistered(named, now)], {
    chain: 'platform',
    event: 'adminRegistered',
    by: 'sweep',
    facts: { encrypted: named.packageKey !== undefined, changeAfter: named.changeAfter },
  });

async function withdraw({ asked }: RegistrationRow, now: Date): Promise<void> {
  const wait = await findWait(changeOwner(asked), ADMIN_CHANGE, ADMIN_CHANGE_ROUND);
  if (wait) await endChange(wait, 'withdrawn', { by: 'sweep', now });
}

/** Named again later, it is asked about again. */
const forgetDenial = (row: RegistrationRow) =>
  recordChange([changedRegistration({ ...row, denied: undefined })], {
    chain: 'platform',
    event: 'adminDenialForgotten',
    by: 'sweep',
  });

async function ask(row: RegistrationRow, named: Admin, now: Date): Promise<void> {
  const { platform } = platformDefinition();
  const asked = row.asked + 1;
  const owner = changeOwner(asked);
  // Of who is registered: a file that shortens it as well waits no less.
  const deadline = secondsAfter(now, changeAfterSeconds(row.admin));
  const change = {
    platform: platform.platform,
    from: row.admin,
    to: named,
    until: momentWords(deadline, platform.timeZone),
  };
  const { address, packageKey, changeAfter } = changesOf(row.admin, named);
  const wait = newWait(
    {
      owner,
      name: ADMIN_CHANGE,
      round: ADMIN_CHANGE_ROUND,
      kind: ADMIN_CHANGE,
      on: 'tenantAdmin',
      role: 'tenantAdmin',
      reasonCode: WAITING_REASON[ADMIN_CHANGE],
      options: ['confirmed', 'denied'],
      asked: true,
      remindAt: secondsAfter(now, TOLD_WITHIN_SECONDS),
      deadline,
      expires: true,
    },
    now,
  );
  const writes: Write[] = [
    changedRegistration({ ...row, asked, pending: named, denied: undefined }),
    wait,
    linkOfPlatform(await linkOf(owner, ADMIN_CHANGE), { owner, purpose: ADMIN_CHANGE }),
    ...(address ? [newsWritten(named.email, namedMail(change))] : []),
    newsWritten(platform.operator.email, changeAskedMail(change)),
  ];
  const recorded = await recordChange(writes, {
    chain: 'platform',
    event: 'adminChangeAsked',
    by: 'sweep',
    facts: { change: owner, address, packageKey, changeAfter, until: deadline },
  });
  if (recorded === 'recorded') await tellAsked(owner, ADMIN_CHANGE, ADMIN_CHANGE_ROUND);
}

/** Sends what changes have left to be told; each on its own, and again until it has left. */
export const sendAdminNews = async (): Promise<void> =>
  regardless(await all(unsentNews()), async (news) => {
    await sendMail(news.to, news.mail);
    await forgetNews(news);
  });

/**
 * Whatever is open and with the tenant admin is mailed anew, to the one who is registered now: what
 * the one before has is void, and an export would run out before the next reminder.
 */
export async function mailAnew(now: Date): Promise<void> {
  const row = await findRegistration();
  if (!row?.mailAnew) return;
  for await (const { requestId } of requestsListed('open'))
    for await (const wait of waitsOf(requestId))
      if (wait.role === 'tenantAdmin' && !wait.answer)
        await transact([postponed(wait, now.toISOString())]);
  await transact([changedRegistration({ ...row, mailAnew: undefined })]);
}
