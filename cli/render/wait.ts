import type { RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import { ADMIN_CHANGE } from '../../lambdas/domain/registered-admin.ts';
import type { WaitSummary } from '../../lambdas/domain/request.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { lineOwning } from '../../lambdas/domain/turn.ts';
import { mayDecide, ROLES, type Role } from '../../lambdas/domain/wait.ts';
import { type Clock, relative, since } from '../clock.ts';
import { DSR, roleWords } from '../words.ts';
import { cycleWords } from './cycle.ts';

type Circumstances = Pick<RequestStatusReport, 'verification' | 'cycle'>;
type Verification = RequestStatusReport['verification'];

/** Somebody was asked, and may answer. */
export const mayBeDecided = ({ role, options }: WaitSummary) =>
  role !== undefined && options.length > 0;

const isOnOwners = ({ kind, role }: WaitSummary) =>
  kind === 'sourcesLetGo' && role === 'sourceOwner';

/** The verifier sees when an owner has deleted, and goes on; unless a source cannot tell. */
const goesOnByItself = (wait: WaitSummary) =>
  isOnOwners(wait) && !wait.options.includes('confirmDeleted');

/** Nothing goes on until somebody decides or repairs. */
export const waitsForPerson = (wait: WaitSummary): boolean =>
  (ROLES.some((role) => role === wait.on) || mayBeDecided(wait)) && !goesOnByItself(wait);

const notGone = (verification: Verification, answer: string) =>
  Object.entries(verification)
    .filter(([, latest]) => latest.answer === answer)
    .map(([source]) => source);

/** Whom a wait on the sources is for, by what they answered last. */
function sourcesWaitedFor(verification: Verification): string {
  const held = notGone(verification, 'stillHeld');
  if (held.length > 0) return `the source’s owner (${held.join(', ')})`;
  const silent = notGone(verification, 'unreachable');
  if (silent.length > 0) return `a source that cannot be reached (${silent.join(', ')})`;
  const unable = notGone(verification, 'cannotTell');
  if (unable.length > 0) return `a source that cannot tell (${unable.join(', ')})`;
  return 'the sources’ answers';
}

function waitedFor(wait: WaitSummary, report?: Circumstances) {
  if (report !== undefined && (wait.on === 'verifier' || isOnOwners(wait))) {
    return sourcesWaitedFor(report.verification);
  }
  // One that has ended released it in an earlier round, or carried it no more: the next is waited for.
  if (wait.on === 'cycle' && report?.cycle !== undefined && report.cycle.phase !== 'ended') {
    return `refresh cycle ${cycleWords(report.cycle)}`;
  }
  const whom = roleWords(wait.role ?? wait.on);
  return wait.recipient === undefined ? whom : `${whom} ${wait.recipient}`;
}

/** `waits since 4 min on the source’s owner (crm)`. */
export const waitWords = (wait: WaitSummary, clock: Clock, report?: Circumstances) =>
  `waits since ${since(wait.since, clock)} on ${waitedFor(wait, report)}`;

/** Who is asked may not decide everything: an owner only says what the source holds. */
const decider = (wait: WaitSummary, option: string) =>
  [roleOf(wait), 'tenantAdmin' as const].find((role) => mayDecide(role, wait, option)) ??
  'operator';

/** Recipients decide nothing. */
const roleOf = ({ role }: WaitSummary): Role =>
  role === undefined || role === 'recipient' ? 'operator' : role;

/** Only whoever has the mail with the code can go on. */
const BY_CODE: Record<string, string> = {
  confirmation:
    'The registered tenant admin has a mail with a code, and types it on the page or answers with it.',
  acknowledgement:
    'The recipient has a mail with a code, and types it on the page or answers with it. Without it, the certificate says that they have not acknowledged.',
  collection: 'The registered tenant admin has two mails: the page of the package, and its code.',
};

/** It goes on by a code that was mailed, and no decision but to deny is typed. */
export const isByCode = ({ kind }: Pick<WaitSummary, 'kind'>): boolean => kind in BY_CODE;

/** Why nobody may have a code that works, whoever it was mailed to. */
const NO_CODE: Record<string, string> = {
  codeLocked: 'Five wrong codes were typed: the newest one does not work any more.',
  undeliverable: 'A mail about it came back, or was marked as unwanted.',
};

/** What may be done about a wait, each as the command to type. */
function renderRemedies(wait: WaitSummary): string[] {
  if (wait.kind === 'fault') {
    const [owner = ''] = wait.waitId.split('/');
    return ['Repair what failed, then:', `  ${DSR} resume ${lineOwning(owner) ?? owner}`];
  }
  const byCode = BY_CODE[wait.kind];
  const noCode = NO_CODE[wait.reasonCode];
  if (wait.kind === ADMIN_CHANGE)
    return [
      noCode ??
        'The registered tenant admin has a mail with a page and a code, and confirms or denies there.',
      'To withdraw it, put platform.yaml back and deploy it. Or deny it:',
      `  ${DSR} decide ${wait.waitId} denied --as operator`,
    ];
  if (byCode !== undefined) {
    const [requestId = ''] = wait.waitId.split('/');
    const deny = wait.options.includes('denied')
      ? [
          noCode ? 'To deny it:' : 'Or deny it:',
          `  ${DSR} decide ${wait.waitId} denied --as tenantAdmin`,
        ]
      : [];
    const anew = noCode ? 'A new code:' : 'A new code, if the mail was lost:';
    return [noCode ?? byCode, ...deny, anew, `  ${DSR} reissue ${requestId}`];
  }
  if (!mayBeDecided(wait)) return [];
  return [
    goesOnByItself(wait)
      ? 'It goes on by itself when the source has let go. It may also be decided:'
      : 'Decide with one of:',
    ...wait.options.map(
      (option) => `  ${DSR} decide ${wait.waitId} ${option} --as ${decider(wait, option)}`,
    ),
  ];
}

const renderDetails = ({ details: [words, ...about] = [] }: WaitSummary): string[] =>
  words === undefined ? [] : [words, ...about.map((line) => `  ${line}`)];

/** Above the operator there is nobody to ask. */
const untilWhen = ({ kind, role, deadline, expires }: WaitSummary, clock: Clock): string => {
  if (deadline === undefined) return '';
  if (kind === ADMIN_CHANGE) return `; takes effect ${relative(deadline, clock)}`;
  const what = expires ? 'expires' : role === 'operator' ? 'due' : 'asks the next one up';
  return `; ${what} ${relative(deadline, clock)}`;
};

/** The wait with why, until when, and what may be decided. */
export function renderWait(wait: WaitSummary, clock: Clock, report?: Circumstances): string {
  const words = waitWords(wait, clock, report);
  return [
    `${words[0]?.toUpperCase()}${words.slice(1)}: ${spaced(wait.reasonCode)}${untilWhen(wait, clock)}.`,
    ...renderDetails(wait),
    ...renderRemedies(wait),
  ].join('\n');
}
