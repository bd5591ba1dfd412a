import { ADMIN_CHANGE } from './registered-admin.ts';
import type { WaitKind, WaitReason } from './wait.ts';

/**
 * What a person types to confirm, to acknowledge, or to open a package: eight characters, forty bits. Crockford's
 * base 32: the letters I, L, O and U are left out, because they are misread.
 */
export const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 8;
/** So many are compared, right or wrong; then the code is locked. */
export const CODE_TRIES = 5;

/** What a request's code is for; one that was made for another does not work. */
export const CODE_PURPOSES = ['confirmation', 'collection', 'acknowledgement'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];
/** The platform's own is for a change of its tenant admin. */
export type AnyPurpose = CodePurpose | typeof ADMIN_CHANGE;

/** What a wait for a code is about; `undefined`: it waits for none. */
export const purposeOf = ({ kind }: { kind: WaitKind }): CodePurpose | undefined =>
  CODE_PURPOSES.find((purpose) => purpose === kind);

/** Why such a wait stands, as long as nothing else is known. */
export const WAITING_REASON: Record<AnyPurpose, WaitReason> = {
  confirmation: 'unconfirmed',
  collection: 'uncollected',
  acknowledgement: 'unacknowledged',
  [ADMIN_CHANGE]: 'anotherNamed',
};

/**
 * A code from random bytes, one a character. 32 divides 256, so that no character is likelier.
 * @throws Error when there are too few bytes
 */
export function codeFrom(random: Uint8Array): string {
  if (random.length < CODE_LENGTH) throw new Error(`A code takes ${CODE_LENGTH} random bytes.`);
  return Array.from(random.subarray(0, CODE_LENGTH), (byte) =>
    CODE_ALPHABET.charAt(byte % CODE_ALPHABET.length),
  ).join('');
}

/** As it is mailed: `7GQ2-M0XK`. */
export const spacedCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

const LOOK_ALIKES: Record<string, string> = { O: '0', I: '1', L: '1' };

/**
 * A code as somebody types it: in any case, with spaces, hyphens and dots, O for 0, I and L for 1.
 * `undefined`: it cannot be a code, whichever was sent; that costs no try.
 */
export function readCode(typed: string): string | undefined {
  const letters = typed
    .slice(0, 100)
    .normalize('NFKC')
    .replace(/[\s\p{Dash}\p{Default_Ignorable_Code_Point}._]/gu, '')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/[OIL]/g, (letter) => LOOK_ALIKES[letter] ?? letter);
  return CODE.test(letters) ? letters : undefined;
}

const CODE = new RegExp(`^[${CODE_ALPHABET}]{${CODE_LENGTH}}$`);

/** A code as it is kept; the code itself is not. Times are ISO 8601 UTC. */
export interface CodeState {
  fate: 'issued' | 'used' | 'voided';
  /** Tries that were taken, the right one included: each is taken before it is compared. */
  tries: number;
  /** Absent: it works as long as what it answers is asked. */
  expiresAt?: string;
}

export type CodeStanding = 'issued' | 'locked' | 'expired' | 'used' | 'voided';

export function standingOf({ fate, tries, expiresAt }: CodeState, now: Date): CodeStanding {
  if (fate !== 'issued') return fate;
  if (expiresAt !== undefined && expiresAt <= now.toISOString()) return 'expired';
  return tries >= CODE_TRIES ? 'locked' : 'issued';
}

export const triesLeft = ({ tries }: Pick<CodeState, 'tries'>): number =>
  Math.max(0, CODE_TRIES - tries);

/**
 * What becomes of a code. `try`: a well-formed code is about to be compared with it. `match`: the
 * one that was tried is right; only `match` uses it, and only after a try. `void`: a newer one was
 * sent. Whatever does not apply changes nothing.
 */
export function nextState(state: CodeState, event: 'try' | 'match' | 'void', now: Date): CodeState {
  const standing = standingOf(state, now);
  switch (event) {
    case 'try':
      return standing === 'issued' ? { ...state, tries: state.tries + 1 } : state;
    case 'match':
      // The fifth try locks the code for the next one, and may itself be right.
      return state.fate === 'issued' && state.tries > 0 && standing !== 'expired'
        ? { ...state, fate: 'used' }
        : state;
    case 'void':
      return state.fate === 'issued' ? { ...state, fate: 'voided' } : state;
    default:
      return event satisfies never;
  }
}

/** What came of a code that somebody typed. */
export interface CodeOutcome {
  /** `unknown`: there is no such link or request, or it asks for no code. */
  outcome: 'accepted' | 'alreadyUsed' | 'wrongCode' | 'locked' | 'expired' | 'unknown';
  requestId?: string;
  /** Of `wrongCode`. */
  triesLeft?: number;
}
