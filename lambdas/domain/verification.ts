import type { Identity, IdentityType } from './identity.ts';
import type { Platform } from './platform.ts';
import type { SourceAnswer } from './source-answer.ts';
import { retainedSources } from './suppression.ts';
import { secondsAfter } from './wait.ts';

/** What is known of one subject in one source, in one round. Times are ISO 8601 UTC. */
export interface SourceState {
  answer?: SourceAnswer['answer'];
  /** Rows still held, or why it could not tell or be reached. */
  detail?: string;
  askedAt?: string;
  /** When the first of an unbroken run of "gone" was said. */
  goneSince?: string;
  asks: number;
  nextAskAt: string;
  /** When its owner was told that the person is still there. */
  ownerToldAt?: string;
}

type Verification = Platform['verification'];

/** The sources to ask: all but those that keep people by law, which are not asked to delete. */
export const sourcesToAsk = (
  platform: Platform,
  unique: Identity[],
  { without, now }: { without?: string[]; now: Date },
): string[] => {
  const retained = retainedSources(platform, now);
  return sourcesDeclaring(platform, unique, without).filter((name) => !(name in retained));
};

/** Those that declare a type of which the subject has a unique identity. */
export function sourcesDeclaring(
  platform: Platform,
  unique: Identity[],
  without: string[] = [],
): string[] {
  const types = new Set(unique.map(({ type }) => type));
  return Object.entries(platform.sources)
    .filter(([name]) => !without.includes(name))
    .filter(([, { identities }]) => identities.some(({ type }) => types.has(type)))
    .map(([name]) => name);
}

/** Those identities that a source may be asked about: unique ones, and none that a model made. */
export const askable = (unique: Identity[], types: Record<string, IdentityType>): Identity[] =>
  unique.filter(({ type }) => types[type]?.points === 'unique' && !types[type]?.madeBy);

/** Seconds until a subject is asked about again: they double, up to the longest. */
export const nextInterval = (asks: number, { firstSeconds, lastSeconds }: Verification): number =>
  Math.min(firstSeconds * 2 ** Math.max(0, asks - 1), lastSeconds);

const stepSeconds = ({ firstSeconds, lastSeconds }: Verification): number =>
  Math.min(firstSeconds, lastSeconds);

/** Times fall on whole first intervals, so that one question serves all whose turn it is nearly. */
function nextAsk(now: Date, seconds: number, verification: Verification): string {
  const step = stepSeconds(verification) * 1000;
  return new Date(Math.round((now.getTime() + seconds * 1000) / step) * step).toISOString();
}

/** How long after its last answer a subject is asked about again: one that is gone, seldom. */
const intervalOf = ({ answer, asks }: SourceState, verification: Verification): number =>
  answer === 'gone' ? verification.lastSeconds : nextInterval(asks, verification);

/**
 * When a subject is to be asked about. A time further ahead than its interval reaches was set by a
 * clock that ran ahead, and means now: nobody waits until the right clock gets there.
 */
export function askAt(state: SourceState, verification: Verification, now: Date): string {
  const reach = intervalOf(state, verification) + stepSeconds(verification);
  const latest = secondsAfter(now, reach);
  return state.nextAskAt > latest ? now.toISOString() : state.nextAskAt;
}

export const isDue = (state: SourceState, verification: Verification, now: Date): boolean =>
  askAt(state, verification, now) <= now.toISOString();

/**
 * For how many seconds a pass sleeps that is to begin at a time: by the clock of whoever asks, which
 * may differ from that of Step Functions, and never longer than anybody is made to wait.
 */
export function sleepSeconds(startsAt: string, verification: Verification, now: Date): number {
  const seconds = Math.ceil((Date.parse(startsAt) - now.getTime()) / 1000);
  const longest = verification.lastSeconds + stepSeconds(verification);
  return Math.min(Math.max(seconds, 0), longest);
}

/**
 * A source's state after its answer. One that has let go is asked again too while others still
 * hold the person, at the longest interval: it may have taken the person back.
 */
export function afterAnswer(
  state: SourceState,
  given: SourceAnswer,
  verification: Verification,
  now: Date,
): SourceState {
  const { answer } = given;
  const asks = state.asks + 1;
  const gone = answer === 'gone';
  const seconds = intervalOf({ ...state, answer, asks }, verification);
  return {
    answer,
    detail: detailOf(given),
    askedAt: now.toISOString(),
    goneSince: gone ? (state.goneSince ?? now.toISOString()) : undefined,
    asks,
    nextAskAt: nextAsk(now, seconds, verification),
    ownerToldAt: state.ownerToldAt,
  };
}

function detailOf(given: SourceAnswer): string | undefined {
  switch (given.answer) {
    case 'gone':
      return undefined;
    case 'stillHeld':
      return `${given.rows} ${given.rows === 1 ? 'row' : 'rows'}`;
    case 'cannotTell':
      return given.types.join(', ');
    case 'unreachable':
      return given.reason;
    default:
      return given satisfies never;
  }
}

/** Unreachable and cannotTell are never gone. */
export const allGone = (sources: Record<string, SourceState>): boolean =>
  Object.values(sources).every(({ answer }) => answer === 'gone');

/** Sources that have answered, not with "gone", and whose owner has not been told of it. */
export const ownersToTell = (sources: Record<string, SourceState>): string[] =>
  Object.entries(sources)
    .filter(([, { answer, ownerToldAt }]) => answer && answer !== 'gone' && !ownerToldAt)
    .map(([name]) => name);

/**
 * What people may decide while sources have not let go. That somebody saw that the person is gone
 * counts only where no source says otherwise, and one cannot tell.
 */
export function optionsWhileHeld(sources: Record<string, SourceState>): string[] {
  const answers = Object.values(sources).map(({ answer }) => answer);
  const confirmable =
    answers.includes('cannotTell') &&
    answers.every((answer) => answer === 'gone' || answer === 'cannotTell');
  return [...(confirmable ? ['confirmDeleted'] : []), 'giveUp'];
}
