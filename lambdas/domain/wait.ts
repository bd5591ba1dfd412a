/** Who may be waited for. Machines answer waits as people do, by the same function. */
export const ROLES = ['sourceOwner', 'tenantAdmin', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Recipients of what the platform hands on answer with a code, and decide nothing. */
export type WaitRole = Role | 'recipient';

export const WAIT_KINDS = [
  /** The registered tenant admin types the code that confirms a request. */
  'confirmation',
  /** The gathering answers when the rows of an export lie ready. */
  'gathering',
  /** The registered tenant admin collects the package of an export. */
  'collection',
  /** A recipient types the code that acknowledges an erasure. */
  'acknowledgement',
  /** A collected package is kept a while, in case the download was cut off. */
  'packageKept',
  /** Somebody decides about packages of exports of a person who is erased. */
  'openPackages',
  /** Exports answer when the last of those packages is gone. */
  'packagesAway',
  /** The verifier answers when every source has let go. */
  'sourcesLetGo',
  /** The cycle answers when it releases its members. */
  'refreshCycle',
  /** Somebody says which people a request means. */
  'whoIsMeant',
  /** Somebody decides after a refresh that could not prove absence. */
  'refreshDecision',
  /** Somebody has put the request on hold, and releases it. */
  'legalHold',
  /** Somebody says whether an erased person who came back signed up anew. */
  'resurrected',
  /** The registered tenant admin says whether another takes their place. */
  'adminChange',
  /** The flow stopped; an operator repairs and resumes. */
  'fault',
] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/** Why a wait stands. Of a legal hold, whoever placed it says so in a word of their own. */
export const WAIT_REASONS = [
  'verifying',
  'stillHeld',
  'joined',
  'ambiguous',
  'boundReached',
  'noUniqueIdentity',
  'sourceFailed',
  'heldForLoss',
  'buildFailed',
  'notScanned',
  'reappearedTooOften',
  'foundUndeclared',
  'resurrected',
  'unconfirmed',
  'uncollected',
  'collected',
  'openPackages',
  'awaitingDownload',
  'unacknowledged',
  'undeliverable',
  'codeLocked',
  'anotherNamed',
  'stoppedThreeTimes',
  'diedThreeTimes',
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** `deadline`: nobody has to do anything; the time passes. */
export type WaitOn = 'verifier' | 'cycle' | 'gathering' | 'deadline' | WaitRole;

/** A pause of a request, of a source or of the line of cycles. Times are ISO 8601 UTC. */
export interface Wait {
  /**
   * `<owner>/<name>#<round>`, e.g. `01J…/whoIsMeant#1`; the owner is a request, a source, a line, or a
   * change of the tenant admin.
   */
  waitId: string;
  owner: string;
  name: string;
  kind: WaitKind;
  on: WaitOn;
  role?: WaitRole;
  /** Who was asked first, and may still answer when it was passed up. */
  firstRole?: WaitRole;
  /** Which of the platform's recipients it is on, by name, and how many identities they are told. */
  recipient?: string;
  identities?: number;
  reasonCode: string;
  since: string;
  /** When somebody was asked; people may only answer what has been asked. */
  openedAt?: string;
  /** When the role that it is on was mailed last; absent until a mail has left. */
  toldAt?: string;
  /** When they were mailed first. */
  firstToldAt?: string;
  remindAt?: string;
  deadline?: string;
  /** Its deadline ends it, with the option `expired`; never what erases. */
  expires?: boolean;
  options: string[];
  /** What has to be known to decide: places and remedies, nothing of the person. */
  details?: string[];
  answer?: Answer;
}

/** What ended a wait. `by` is an opaque id: `verifier`, `c-12`, or an operator's directory id. */
export interface Answer {
  option: string;
  by: string;
  reasonCode?: string;
  at: string;
}

/** A deadline that passes never ends an erasure; it asks the next one up. */
export const escalated = (role: Role): Role =>
  role === 'sourceOwner' ? 'tenantAdmin' : 'operator';

/** What a wait needs when its time has come. */
export interface Nudge {
  nudge: 'remind' | 'escalate';
  role: Role;
  remindAt: string;
  deadline?: string;
}

export interface Patience {
  remindSeconds: number;
  /** From one role to the next. */
  escalateSeconds: number;
  /** What sources' owners are given. */
  patienceSeconds: number;
}

/** ISO 8601 UTC. */
export const secondsAfter = (now: Date, seconds: number): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

/** A wait that is due later than this was dated by a clock that ran ahead. */
export const latestDue = (now: Date, { remindSeconds }: Pick<Patience, 'remindSeconds'>): Date =>
  new Date(now.getTime() + (remindSeconds + 60) * 1000);

/**
 * Above the operator there is nobody: then reminders go on, and the deadline is past. A deadline
 * further ahead than anybody is given was set by a clock that ran ahead, and begins anew.
 */
export function nudge(
  wait: Pick<Wait, 'role' | 'deadline'>,
  now: Date,
  { remindSeconds, escalateSeconds, patienceSeconds }: Patience,
): Nudge {
  const after = (seconds: number) => secondsAfter(now, seconds);
  // A recipient's waits end at their deadline, and come by `expiryOf`.
  const role = wait.role === 'recipient' ? 'operator' : (wait.role ?? 'operator');
  const remindAt = after(remindSeconds);
  const latest = after(Math.max(escalateSeconds, patienceSeconds));
  const { deadline } = wait;
  if (deadline === undefined || deadline > now.toISOString()) {
    const kept = deadline !== undefined && deadline > latest ? after(escalateSeconds) : deadline;
    return { nudge: 'remind', role, remindAt, deadline: kept };
  }
  if (role === 'operator') return { nudge: 'remind', role, remindAt };
  return { nudge: 'escalate', role: escalated(role), remindAt, deadline: after(escalateSeconds) };
}

/** The same, of a wait that its deadline ends. `later`: nobody is reminded of what only time ends. */
export function expiryOf(
  { role, deadline }: { role?: WaitRole | undefined; deadline: string },
  now: Date,
  { remindSeconds }: Pick<Patience, 'remindSeconds'>,
):
  | { nudge: 'expire' }
  | { nudge: 'later'; remindAt: string }
  | { nudge: 'remind'; role: WaitRole; remindAt: string; deadline: string } {
  if (deadline <= now.toISOString()) return { nudge: 'expire' };
  const later = secondsAfter(now, remindSeconds);
  const remindAt = later < deadline ? later : deadline;
  return role ? { nudge: 'remind', role, remindAt, deadline } : { nudge: 'later', remindAt };
}

/** What happens without an answer happens to somebody: their silence counts once they were told. */
const SILENCE_COUNTS: readonly WaitKind[] = ['acknowledgement', 'openPackages', 'adminChange'];

/** Whether a wait's time has to begin anew, because no mail about it has left. */
export const isUntold = ({ kind, toldAt }: Pick<Wait, 'kind'> & { toldAt?: string }): boolean =>
  SILENCE_COUNTS.includes(kind) && toldAt === undefined;

/** Options that no wait needs to offer: a request can be closed at any time. */
export const CLOSING_OPTIONS = ['cancelled', 'refused'] as const;

const BY_CODE = ['confirmed', 'collected', 'acknowledged'];

/** A source's owner says what the source holds; giving up and closing is the tenant's to decide. */
export function mayDecide(
  role: Role,
  wait: Pick<Wait, 'role' | 'firstRole'> | undefined,
  option: string,
): boolean {
  // What a code decides is for whoever has the code, whatever their role.
  if (BY_CODE.includes(option)) return false;
  if (role === 'sourceOwner') return option === 'confirmDeleted';
  if (role === 'operator') return true;
  const first = wait?.firstRole ?? wait?.role;
  return first !== 'operator' || (CLOSING_OPTIONS as readonly string[]).includes(option);
}
