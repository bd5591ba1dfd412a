import {
  holderKnown,
  LINES,
  type LineName,
  type Lock,
  nextMove,
  unstuck,
} from '../../lambdas/domain/turn.ts';
import type { Here, Step } from './action.ts';
import { aPause } from './pauses.ts';
import { sweeperStandsIn } from './setup.ts';
import { flowOf } from './turn-starts.ts';
import { type LineState, NOW, type World } from './world.ts';

interface Look {
  /** Its own wish spares looking at everybody's. */
  given?: boolean;
  askHolder?: boolean;
}

/**
 * The actions of `ensureTurn` at the end of a step. A lock is changed under the condition that it
 * is as it was read: so reading it, changing it and starting its holder can be told from one
 * moment only by who comes between with an action that leads to the same (starting twice is
 * starting once), or by a crash.
 *
 * What is wanted is read apart, and may be out of date when the lock is read. If it said nobody, and
 * no holder is dead, nothing comes of it, then or now. So out of date it matters in two ways, which
 * stand as choices unless each read is explored by itself.
 */
export function ensuring(step: string, line: LineName, look: Look, next: string): Step {
  const at = (action: string) => `${step}.${action}`;
  const first = ({ world }: Here) =>
    sweeperStandsIn(world.setup) ? ('always' as const) : undefined;
  const again = at(look.given ? 'look' : 'readWanted');
  return {
    ...(look.given
      ? {}
      : {
          readWanted: {
            reads: true,
            private: first,
            choices: choices(line, look),
            run: readWanted(line, at('look'), next),
          },
        }),
    look: {
      reads: true,
      private: look.given ? first : 'always',
      choices: look.given ? choices(line, look) : undefined,
      run: ({ world, me }, choice) => {
        if (choice === NOW_OR.NOT_AT_ALL) return next;
        const { lock, turns } = world.lines[line];
        const ended = me.ended ? { name: me.ended, state: 'died' as const } : undefined;
        const known = holderKnown(lock, { askHolder: look.askHolder, ended });
        const holder =
          known === 'ask'
            ? (turns.find(({ name }) => name === lock?.holder)?.execution ?? 'missing')
            : known;
        const move = nextMove(LINES[line], lock, look.given ? NOW : me.want, holder);
        if (look.askHolder && lock?.stuck) return at('askOperator');
        if (move.move === 'none') return next;
        me.seen = lock;
        me.move = move;
        return at(move.move === 'start' ? 'start' : 'change');
      },
    },
    change: {
      private: 'always',
      run: ({ world, me }) => {
        if (!me.move || !changeLock(world, line, me.seen, me.move.lock)) return again;
        if (me.move.move === 'giveUp') return at('askOperator');
        return me.move.move === 'release' ? next : at('start');
      },
    },
    askOperator: {
      private: 'always',
      run: ({ world }) => {
        const state = world.lines[line];
        if (!state.lock?.stuck) return next;
        state.fault ??= aPause(true);
        // Who resumed it may have died before the line went on.
        if (state.fault.answer && world.setup.mistake !== 'forgetsAnsweredFault') {
          changeLock(world, line, state.lock, unstuck(state.lock));
          state.fault = undefined;
        }
        return next;
      },
    },
    start: {
      private: 'always',
      run: ({ world, me }) => {
        if (me.move?.lock.holder) startTurn(world, line, me.move.lock);
        return at('hint');
      },
    },
    hint: {
      private: 'always',
      run: ({ world, me }) => {
        if (!me.move) return next;
        const { move, lock } = me.move;
        const seen = { ...lock, version: lock.version + (move === 'take' ? 1 : 0) };
        changeLock(world, line, seen, { ...lock, started: true });
        return next;
      },
    },
  };
}

const NOW_OR = { AS_IT_WAS: 1, NOT_AT_ALL: 2 };

/** As it is, or as it may have been a moment ago. */
const readWanted =
  (line: LineName, at: string, next: string) =>
  ({ world, me }: Here, choice: number): string => {
    const wanted = wantedAt(world, line);
    if (choice === NOW_OR.NOT_AT_ALL) return next;
    me.want = choice === NOW_OR.AS_IT_WAS ? (wanted ? undefined : NOW) : wanted;
    return at;
  };

/** Whether it matters that what was read is out of date. */
function isOutOfDate(world: World, line: LineName, asksHolder: unknown): boolean {
  const { lock, turns } = world.lines[line];
  const isDead = turns.some(({ name, execution }) => name === lock?.holder && execution === 'died');
  return wantedAt(world, line) === undefined
    ? !lock?.holder && wasWanted(world, line)
    : Boolean(isDead && asksHolder);
}

function wasWanted({ requests, helpers }: World, line: LineName): boolean {
  const hasQueued = line === 'cycles' && helpers.some(({ at }) => at === 'done');
  return (
    hasQueued ||
    requests.some(({ round, asked, joined }) => round > 1 || (line === 'cycles' ? joined : asked))
  );
}

function choices(line: LineName, look: Look) {
  return ({ world, me }: Here): number[] => {
    const { fine } = world.setup;
    const asksHolder = look.askHolder || me.ended;
    return [
      0,
      ...(!fine && !look.given && isOutOfDate(world, line, asksHolder) ? [NOW_OR.AS_IT_WAS] : []),
      ...(!asksHolder && sweeperStandsIn(world.setup) ? [NOW_OR.NOT_AT_ALL] : []),
    ];
  };
}

function wantedAt({ requests, refreshQueued }: World, line: LineName): string | undefined {
  if (line === 'cycles')
    return refreshQueued || requests.some(({ queued }) => queued) ? NOW : undefined;
  const asks = requests.flatMap(({ verifying = [] }) =>
    verifying.map(({ nextAskAt }) => nextAskAt),
  );
  return asks.sort()[0];
}

/** @returns false when it is not as it was seen any more */
export function changeLock(
  world: World,
  line: LineName,
  seen: Lock | undefined,
  next: Lock,
): boolean {
  const state: LineState = world.lines[line];
  const isAsSeen = state.lock?.version === seen?.version;
  if (!isAsSeen) return false;
  state.lock = { ...next, version: (state.lock?.version ?? 0) + 1 };
  return true;
}

/** A name is started once. Who was named before the present holder has been started long ago. */
function startTurn(world: World, line: LineName, { holder = '', startsAt = NOW }: Lock): void {
  const { lock, turns } = world.lines[line];
  if (lock?.holder !== holder || turns.some(({ name }) => name === holder)) return;
  turns.push({
    name: holder,
    execution: 'running',
    startsAt,
    flow: flowOf(line),
    orphan: undefined,
    row: undefined,
  });
}
