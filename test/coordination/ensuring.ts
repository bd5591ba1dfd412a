import { LINES, nextMove, unstuck } from '../../lambdas/domain/turn.ts';
import type { Here, Step } from './action.ts';
import type { LineName } from './line-names.ts';
import { aPause } from './pauses.ts';
import { sweeperStandsIn } from './setup.ts';
import { changeLock, startTurn } from './turns.ts';
import { choicesOf, holderSeen, type Look, NOT_AT_ALL, readWanted } from './wanting.ts';
import { NOW } from './world.ts';

/**
 * The actions of `ensureTurn` at the end of a step. A lock is changed under the condition that it
 * is as it was read: so reading it, changing it and starting its holder can be told from one
 * moment only by who comes between with an action that leads to the same (starting twice is
 * starting once), or by a crash.
 */
export function ensuring(step: string, line: LineName, look: Look, next: string): Step {
  const at = (action: string) => `${step}.${action}`;
  const first = ({ world }: Here) =>
    sweeperStandsIn(world.setup) ? ('always' as const) : undefined;
  const reading = { ...readWanted(line, look, at('look'), next), private: first };
  return {
    ...(look.given ? {} : { readWanted: reading }),
    look: {
      reads: true,
      private: look.given ? first : 'always',
      choices: look.given ? choicesOf(line, look) : undefined,
      run: ({ world, me }, choice) => {
        if (choice === NOT_AT_ALL) return next;
        const { lock } = world.lines[line];
        const holder = holderSeen(world, line, look, me);
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
        if (!me.move || !changeLock(world, line, me.seen, me.move.lock))
          return at(look.given ? 'look' : 'readWanted');
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
