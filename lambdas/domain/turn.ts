/**
 * Turns of a line: refresh cycles, passes of verification and gatherings, each one at a time.
 * The lock is never deleted; its holder is an execution's name, which fences every write.
 */
export interface Lock {
  n: number;
  /** `c-12`, `v-40` or `g-3`: the execution whose turn it is. */
  holder?: string;
  /** For when the holder was started; a pass may sleep until then. */
  startsAt?: string;
  /** StartExecution was called. */
  started?: boolean;
  /** A pass has woken up, and must not be superseded any more. */
  begun?: boolean;
  /** Holders that died one after the other. */
  deaths: number;
  /** Three did: an operator has to look before the next one. */
  stuck?: boolean;
  /** Every change adds one; a change is refused when another came between. */
  version: number;
}

/** How turns are named, where the lock lies, whose the line's waits are, and how requests wait for it. */
export const LINES = {
  cycles: { prefix: 'c', lock: 'CYCLE', owner: 'line#cycles', waitedForBy: 'refreshCycle' },
  verification: {
    prefix: 'v',
    lock: 'VERIFY',
    owner: 'line#verification',
    waitedForBy: 'sourcesLetGo',
  },
  gatherings: { prefix: 'g', lock: 'GATHER', owner: 'line#gatherings', waitedForBy: 'gathering' },
} as const;
export type LineName = keyof typeof LINES;
export const LINE_NAMES: readonly LineName[] = ['cycles', 'verification', 'gatherings'];
/** Under which a line's turn is kept. */
export type LockName = (typeof LINES)[LineName]['lock'];
type Prefix = (typeof LINES)[LineName]['prefix'];

/** `undefined`: it is a request that waits. */
export const lineOwning = (owner: string): LineName | undefined =>
  LINE_NAMES.find((line) => LINES[line].owner === owner);

export const turnName = (line: LineName, n: number): string => `${LINES[line].prefix}-${n}`;

/** `unknown`: not looked up, because a joiner need not know. */
export type HolderState = 'unknown' | 'running' | 'succeeded' | 'died' | 'missing';

/** An execution that has ended, as the rule on failed executions names it. */
export interface Ended {
  name: string;
  state: 'succeeded' | 'died';
}

/** What a caller goes by beside the lock itself. */
export interface Look {
  /** Ask Step Functions about the holder; joiners need not. */
  askHolder?: boolean;
  ended?: Ended;
}

/** What a caller knows of the holder; `ask`: Step Functions has to say. */
export function holderKnown(
  lock: Lock | undefined,
  { askHolder, ended }: Look,
): HolderState | 'ask' {
  if (!lock?.holder) return 'unknown';
  if (ended?.name === lock.holder) return ended.state;
  return askHolder && lock.started ? 'ask' : 'unknown';
}

export type Move =
  | { move: 'none' }
  /** Write this lock, then start its holder. */
  | { move: 'take'; lock: Lock }
  /** The holder was named and never started: a crash between the two. */
  | { move: 'start'; lock: Lock }
  /** Write this lock: nobody's turn. */
  | { move: 'release'; lock: Lock }
  /** The same, and ask the operator. */
  | { move: 'giveUp'; lock: Lock };

export const DEATHS_BEFORE_OPERATOR = 3;

const NO_LOCK: Lock = { n: 0, deaths: 0, version: 0 };

const taken = (lock: Lock, prefix: string, startsAt: string, deaths = lock.deaths): Move => ({
  move: 'take',
  lock: {
    n: lock.n + 1,
    holder: `${prefix}-${lock.n + 1}`,
    startsAt,
    deaths,
    version: lock.version,
  },
});

const released = ({ n, deaths, version }: Lock): Lock => ({ n, deaths, version });

/**
 * What a line needs next.
 * @param wantedAt when the earliest of those who want a turn wants it; `undefined`: nobody does
 */
export function nextMove(
  line: { prefix: Prefix },
  seen: Lock | undefined,
  wantedAt: string | undefined,
  holder: HolderState,
): Move {
  const lock = seen ?? NO_LOCK;
  if (lock.stuck) return { move: 'none' };
  if (lock.holder === undefined) {
    return wantedAt === undefined ? { move: 'none' } : taken(lock, line.prefix, wantedAt);
  }
  if (holder === 'died') return afterDeath(lock, line.prefix, wantedAt);
  if (holder === 'succeeded') {
    return wantedAt === undefined
      ? { move: 'release', lock: released(lock) }
      : taken(lock, line.prefix, wantedAt);
  }
  if (!lock.started || holder === 'missing') return { move: 'start', lock };
  const sleepsTooLong =
    line.prefix === 'v' &&
    !lock.begun &&
    wantedAt !== undefined &&
    wantedAt < (lock.startsAt ?? '');
  return sleepsTooLong ? taken(lock, line.prefix, wantedAt) : { move: 'none' };
}

function afterDeath(lock: Lock, prefix: string, wantedAt: string | undefined): Move {
  const deaths = lock.deaths + 1;
  if (deaths >= DEATHS_BEFORE_OPERATOR) {
    return { move: 'giveUp', lock: { ...released(lock), deaths, stuck: true } };
  }
  return wantedAt === undefined
    ? { move: 'release', lock: { ...released(lock), deaths } }
    : taken(lock, prefix, wantedAt, deaths);
}

/** What a holder writes when it begins; `undefined`: it is not its turn, or no longer. */
export const begun = (lock: Lock | undefined, holder: string): Lock | undefined =>
  lock?.holder === holder ? { ...lock, started: true, begun: true } : undefined;

/** The end of a turn that went well. */
export const ended = (lock: Lock): Lock => ({ ...released(lock), deaths: 0 });

/** The same; `undefined`: the line has gone on without this holder, who has nothing to let go. */
export const endedBy = (lock: Lock | undefined, holder: string): Lock | undefined =>
  lock?.holder === holder ? ended(lock) : undefined;

/** An operator has looked. */
export const unstuck = (lock: Lock): Lock => ({ n: lock.n, deaths: 0, version: lock.version });
