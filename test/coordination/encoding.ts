import { RESTARTS } from '../../lambdas/domain/restart.ts';
import { DEATHS_BEFORE_OPERATOR } from '../../lambdas/domain/turn.ts';
import { ACTIONS } from './moves.ts';
import {
  LATER,
  type LineState,
  NOW,
  PAUSES,
  type Pause,
  type Process,
  type World,
} from './world.ts';

/*
 * Parts of a world as numbers. What may be absent is announced by a bit before it, so that no two
 * worlds give the same numbers. Sets of requests go apart, because requests are sorted.
 */
export interface Codes {
  numbers: number[];
  masks: number[];
}

const NAMES = ['', 'done', ...PAUSES.map((name) => `${name}Wait.asleep`), ...ACTIONS.keys()];
const PLACES = new Map(NAMES.map((name, index) => [name, index]));

const WORDS = new Map<string | undefined, number>();
/** Words of outcomes, numbered as they come. */
export function word(text: string | undefined): number {
  const known = WORDS.get(text);
  if (known !== undefined) return known;
  WORDS.set(text, WORDS.size);
  return WORDS.size - 1;
}

export const bits = (...claims: unknown[]): number =>
  claims.reduce<number>((sum, claim) => sum * 2 + (claim ? 1 : 0), 0);

export function time(at: string | undefined): number {
  if (at === undefined) return 0;
  return at === NOW ? 1 : at === LATER ? 2 : 3;
}

/** With fewer crashes than that, nothing is counted far enough to make a difference. */
export const counted = ({ setup }: World, times: number): number =>
  setup.crashes < Math.min(RESTARTS, DEATHS_BEFORE_OPERATOR) ? 0 : times;

export function addPause(pause: Pause | undefined, { numbers }: Codes): void {
  const { token, answer, due, asked } = pause ?? {};
  // Once answered, nobody asks for the token.
  numbers.push(bits(pause, token && !answer, due, asked), word(answer));
}

/** @param line the one whose lock it has read */
export function addProcess(world: World, me: Process, line: LineState, codes: Codes): void {
  const { at, want, left, closing, ended, move, seen, pending, undelivered } = me;
  const { lock } = line;
  codes.numbers.push(
    PLACES.get(at) ?? 0,
    time(want),
    left,
    at.startsWith('askSource.') ? me.attempt : 0,
    bits(closing, ended !== undefined && ended === lock?.holder, isFresh(world, me), move),
  );
  if (move) {
    const { deaths, startsAt } = move.lock;
    const isAsSeen = seen?.version === lock?.version;
    codes.numbers.push(word(move.move), bits(isAsSeen), counted(world, deaths), time(startsAt));
  }
  codes.masks.push(pending, undelivered);
}

/** The attempt that it has read is still the last one. */
const isFresh = ({ requests }: World, { at, pending, attempt }: Process): boolean =>
  at.startsWith('keep.') &&
  requests.some((request, index) => pending & (1 << index) && request.attempt === attempt);
