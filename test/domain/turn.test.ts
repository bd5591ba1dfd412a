import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ended,
  type HolderState,
  type Lock,
  nextMove,
  unstuck,
} from '../../lambdas/domain/turn.ts';
import { ALL_STEPS, aLine, type Line, run, steps } from './a-line.ts';

const SOON = '2026-03-01T10:00:00.000Z';
const LATER = '2026-03-01T11:00:00.000Z';

const aLock = (lock: Partial<Lock> = {}): Lock => ({ n: 4, deaths: 0, version: 9, ...lock });
const cycle = { prefix: 'c' as const };
const pass = { prefix: 'v' as const };
const held = aLock({ holder: 'c-4', startsAt: SOON, started: true });

describe('a line', () => {
  it('rests while nobody wants a turn', () => {
    expect(nextMove(cycle, undefined, undefined, 'unknown')).toEqual({ move: 'none' });
    expect(nextMove(cycle, aLock(), undefined, 'unknown')).toEqual({ move: 'none' });
  });

  it('gives the first turn, and then the next, to whoever wants one', () => {
    expect(nextMove(cycle, undefined, SOON, 'unknown')).toMatchObject({
      move: 'take',
      lock: { n: 1, holder: 'c-1', startsAt: SOON },
    });
    expect(nextMove(cycle, aLock(), SOON, 'unknown')).toMatchObject({
      move: 'take',
      lock: { n: 5, holder: 'c-5' },
    });
  });

  it('makes a joiner wait for the turn of another', () => {
    expect(nextMove(cycle, held, SOON, 'unknown')).toEqual({ move: 'none' });
    expect(nextMove(cycle, held, SOON, 'running')).toEqual({ move: 'none' });
  });

  it('starts a holder that was named and never started', () => {
    const { started: _, ...named } = held;
    expect(nextMove(cycle, named, undefined, 'unknown')).toEqual({ move: 'start', lock: named });
    expect(nextMove(cycle, held, undefined, 'missing')).toEqual({ move: 'start', lock: held });
  });

  it('passes the turn of a holder that succeeded, or releases it', () => {
    expect(nextMove(cycle, held, SOON, 'succeeded')).toMatchObject({
      move: 'take',
      lock: { holder: 'c-5', deaths: 0 },
    });
    const released = nextMove(cycle, held, undefined, 'succeeded');
    expect(released).toEqual({ move: 'release', lock: { n: 4, deaths: 0, version: 9 } });
  });

  it('counts deaths in a row, and asks an operator after the third, whoever waits', () => {
    const afterDeath = (deaths: number, wanted?: string) =>
      nextMove(cycle, { ...held, deaths }, wanted, 'died');
    expect(afterDeath(0, SOON)).toMatchObject({ move: 'take', lock: { holder: 'c-5', deaths: 1 } });
    expect(afterDeath(1)).toMatchObject({ move: 'release', lock: { deaths: 2 } });
    for (const wanted of [SOON, undefined]) {
      const gaveUp = afterDeath(2, wanted);
      expect(gaveUp).toEqual({
        move: 'giveUp',
        lock: { n: 4, deaths: 3, stuck: true, version: 9 },
      });
    }
  });

  it('forgets deaths once a turn went well', () => {
    expect(ended({ ...held, deaths: 2 })).toEqual({ n: 4, deaths: 0, version: 9 });
  });

  it('stands still while it is stuck, and goes on once an operator has looked', () => {
    const stuck = aLock({ deaths: 3, stuck: true });
    for (const state of ['unknown', 'running', 'succeeded', 'died', 'missing'] as HolderState[])
      expect(nextMove(cycle, stuck, SOON, state)).toEqual({ move: 'none' });
    expect(nextMove(cycle, unstuck(stuck), SOON, 'unknown')).toMatchObject({
      move: 'take',
      lock: { holder: 'c-5', deaths: 0 },
    });
  });
});

describe('a sleeping pass of verification', () => {
  const sleeping = aLock({ holder: 'v-4', startsAt: LATER, started: true });

  it('is superseded by one that is wanted earlier', () => {
    expect(nextMove(pass, sleeping, SOON, 'unknown')).toMatchObject({
      move: 'take',
      lock: { holder: 'v-5', startsAt: SOON },
    });
  });

  it('is left to sleep when it wakes up in time', () => {
    for (const wanted of [LATER, '2026-03-01T11:00:00.001Z', undefined])
      expect(nextMove(pass, sleeping, wanted, 'running')).toEqual({ move: 'none' });
  });

  it('is never superseded once it has begun', () => {
    const begun = { ...sleeping, begun: true };
    expect(nextMove(pass, begun, SOON, 'running')).toEqual({ move: 'none' });
  });

  it('has no counterpart among cycles, which all collect', () => {
    const collecting = aLock({ holder: 'c-4', startsAt: LATER, started: true });
    expect(nextMove(cycle, collecting, SOON, 'running')).toEqual({ move: 'none' });
  });
});

describe.each(['c', 'v'] as const)(
  'in any order of events, with crashes, the line %s',
  (prefix) => {
    const working = (line: Line) => line.executions.filter(({ state }) => state === 'working');

    it('never lets two work at once', () =>
      fc.assert(
        fc.property(steps(ALL_STEPS), (happened) => {
          const line = aLine(prefix);
          for (const step of happened) {
            run(line, step);
            expect(working(line).length).toBeLessThanOrEqual(1);
          }
        }),
        { numRuns: 2000 },
      ));

    it('never takes a turn from one that works', () =>
      fc.assert(
        fc.property(steps(ALL_STEPS), (happened) => {
          const line = aLine(prefix);
          for (const step of happened) {
            run(line, step);
            for (const { name } of working(line)) expect(line.lock?.holder).toBe(name);
          }
        }),
        { numRuns: 2000 },
      ));

    it('is stuck exactly after three deaths in a row', () =>
      fc.assert(
        fc.property(steps(ALL_STEPS), (happened) => {
          const line = aLine(prefix);
          for (const step of happened) run(line, step);
          expect(line.lock?.stuck === true).toBe((line.lock?.deaths ?? 0) >= 3);
        }),
        { numRuns: 2000 },
      ));

    it('serves everybody once the sweeper looks and nothing dies any more', () =>
      fc.assert(
        fc.property(steps(ALL_STEPS), (happened) => {
          const line = aLine(prefix);
          for (const step of happened) run(line, step);
          if (line.lock?.stuck) return;
          for (let minute = 0; minute < 12 && line.waiting > 0; minute += 1)
            for (const kind of ['sweep', 'move', 'wake', 'work'] as const)
              run(line, { kind, actor: 0, execution: -1 });
          expect(line.waiting).toBe(0);
        }),
        { numRuns: 2000 },
      ));
  },
);
