import fc from 'fast-check';
import {
  ended,
  type HolderState,
  type Lock,
  type Move,
  nextMove,
} from '../../lambdas/domain/turn.ts';

/** A line as the world moves it: a lock that changes by condition, and executions that may die. */
export interface Line {
  prefix: 'c' | 'v';
  lock: Lock | undefined;
  /** How many want a turn; a turn that works serves all of them. */
  waiting: number;
  clock: number;
  executions: Execution[];
  /** What each caller has read, and not yet acted upon. */
  looks: Map<number, { seen: Lock | undefined; wantedAt?: string; holder: HolderState }>;
}

interface Execution {
  name: string;
  state: 'sleeping' | 'working' | 'succeeded' | 'died';
}

export const aLine = (prefix: 'c' | 'v'): Line => ({
  prefix,
  lock: undefined,
  waiting: 0,
  clock: 0,
  executions: [],
  looks: new Map(),
});

export const ALL_STEPS = [
  /** Somebody wants a turn, and looks as a joiner does: without asking for the holder. */
  'join',
  /** The sweeper looks, and asks whether the holder lives. */
  'sweep',
  /** A caller acts on what it saw, however long ago. */
  'move',
  /** The same, but it dies between the lock and StartExecution. */
  'moveAndCrash',
  /** An execution wakes up and makes sure that it is its turn. */
  'wake',
  /** An execution ends well, and lets go. */
  'work',
  'die',
] as const;

export interface Step {
  kind: (typeof ALL_STEPS)[number];
  actor: number;
  /** Which of the executions it happens to; the last one for -1. */
  execution: number;
}

export const steps = (kinds: readonly Step['kind'][]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      actor: fc.nat({ max: 3 }),
      execution: fc.integer({ min: -3, max: -1 }),
    }),
    { maxLength: 60 },
  );

export function run(line: Line, { kind, actor, execution }: Step): void {
  line.clock += 1;
  const one = line.executions.at(execution);
  const happen: Record<Step['kind'], () => void> = {
    join: () => {
      line.waiting += 1;
      look(line, actor, 'unknown');
    },
    sweep: () => look(line, actor, line.lock?.started ? holderOf(line) : 'unknown'),
    move: () => move(line, actor, false),
    moveAndCrash: () => move(line, actor, true),
    wake: () => one && wake(line, one),
    work: () => one && finish(line, one),
    die: () => {
      if (one?.state === 'working' || one?.state === 'sleeping') one.state = 'died';
    },
  };
  happen[kind]();
}

function look(line: Line, actor: number, holder: HolderState): void {
  // Now and then somebody wants a turn earlier than whoever asked before.
  const at = new Date(1_000_000 + (line.clock % 7) * 1000).toISOString();
  line.looks.set(actor, {
    seen: line.lock,
    holder,
    ...(line.waiting > 0 && { wantedAt: at }),
  });
}

function holderOf({ lock, executions }: Line): HolderState {
  const state = executions.find(({ name }) => name === lock?.holder)?.state ?? 'missing';
  return state === 'sleeping' || state === 'working' ? 'running' : state;
}

function move(line: Line, actor: number, crash: boolean): void {
  const looked = line.looks.get(actor);
  line.looks.delete(actor);
  if (!looked) return;
  const made: Move = nextMove(line, looked.seen, looked.wantedAt, looked.holder);
  if (made.move === 'none') return;
  if (made.move !== 'start' && !change(line, looked.seen, made.lock)) return;
  if (made.move === 'release' || made.move === 'giveUp' || crash) return;
  const name = made.lock.holder ?? '';
  if (!line.executions.some((known) => known.name === name))
    line.executions.push({ name, state: 'sleeping' });
  if (line.lock?.holder === name) change(line, line.lock, { ...line.lock, started: true });
}

function change(line: Line, seen: Lock | undefined, next: Lock): boolean {
  if (line.lock?.version !== seen?.version) return false;
  line.lock = { ...next, version: (seen?.version ?? 0) + 1 };
  return true;
}

function wake(line: Line, one: Execution): void {
  if (one.state !== 'sleeping') return;
  if (line.lock?.holder !== one.name) {
    one.state = 'succeeded';
    return;
  }
  one.state = 'working';
  change(line, line.lock, { ...line.lock, started: true, begun: true });
}

function finish(line: Line, one: Execution): void {
  if (one.state !== 'working') return;
  one.state = 'succeeded';
  line.waiting = 0;
  if (line.lock?.holder === one.name) change(line, line.lock, ended(line.lock));
}
