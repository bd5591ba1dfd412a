/*
 * platform.yaml only names a tenant admin. Codes, packages and decisions are for the one who is
 * registered; another takes their place when they confirm it, or when they have been silent for as
 * long as they were registered with. Address, key and waiting period are registered together: each
 * of them decides who reads a package.
 */
export interface Admin {
  email: string;
  /** An age recipient, `age1…`: packages are encrypted for it. */
  packageKey?: string | undefined;
  /** How long a change waits for an answer: `7d`. */
  changeAfter: string;
}

export interface Registration {
  admin: Admin;
  since: string;
  /** How many changes the registered admin was asked about; the pending one is the last of them. */
  asked: number;
  pending?: Admin | undefined;
  /** Not asked about again until the file names somebody else. */
  denied?: Admin | undefined;
  /** Another was registered, and what is open has not been mailed to them yet. */
  mailAnew?: boolean | undefined;
}

/** A kind of wait, its name, and what its code is for. */
export const ADMIN_CHANGE = 'adminChange';
/** Each change is asked about once; a reminder has a newer code. */
export const ADMIN_CHANGE_ROUND = 1;

const OWNER = 'admin#';
/** Whose the wait, the link and the codes of a change are: those of another change do not fit. */
export const changeOwner = (n: number): string => `${OWNER}${n}`;
export const isChangeOwner = (owner: string): boolean => owner.startsWith(OWNER);

/** As the hash of a code takes it: where this sees no other address, codes go on working. */
const sameAddress = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();

/** What a change would change. */
export const changesOf = (from: Admin, to: Admin) => ({
  address: !sameAddress(from.email, to.email),
  packageKey: from.packageKey !== to.packageKey,
  changeAfter: from.changeAfter !== to.changeAfter,
});

export const isSameAdmin = (a: Admin, b: Admin): boolean =>
  !Object.values(changesOf(a, b)).includes(true);

export type Move = 'register' | 'ask' | 'withdraw' | 'forgetDenial' | 'nothing';

/** What the sweep does about whom the file names. A pending change is withdrawn before another is asked about. */
export function nextMove(registration: Registration | undefined, named: Admin): Move {
  if (!registration) return 'register';
  const { admin, pending, denied } = registration;
  if (pending) return isSameAdmin(pending, named) ? 'nothing' : 'withdraw';
  if (isSameAdmin(admin, named)) return denied ? 'forgetDenial' : 'nothing';
  return denied && isSameAdmin(denied, named) ? 'nothing' : 'ask';
}

/** What ended a change. `expired`: nobody answered, so that it takes effect. */
export type ChangeEnd = 'confirmed' | 'denied' | 'expired' | 'withdrawn';

/** The registration once its pending change has ended. */
export function afterChange(before: Registration, end: ChangeEnd, now: Date): Registration {
  const { pending, admin } = before;
  if (!pending) return before;
  const ended = { ...before, pending: undefined };
  switch (end) {
    case 'confirmed':
    case 'expired':
      return {
        ...ended,
        admin: pending,
        since: now.toISOString(),
        ...(changesOf(admin, pending).address && { mailAnew: true }),
      };
    case 'denied':
      return { ...ended, denied: pending };
    case 'withdrawn':
      return ended;
    default:
      return end satisfies never;
  }
}

const DAY_SECONDS = 86_400;

/** Of the registered admin, never of the one who is named: who shortens it waits for as long as before. */
export const changeAfterSeconds = ({ changeAfter }: Pick<Admin, 'changeAfter'>): number =>
  Number.parseInt(changeAfter, 10) * DAY_SECONDS;
