import { describe, expect, it } from '@jest/globals';
import { exploreAll } from './explore.ts';
import { keepsPromisesIn } from './walks.ts';
import { aWorld, type Mistake, type World } from './world.ts';

const worlds: [string, World][] = [
  ['an active snapshot over its own partition', aWorld({ shares: false })],
  ['an active snapshot over an older partition', aWorld({ shares: true })],
];
const small = (world: World): World => ({ ...world, toCome: 1 });

describe('publishing against cleaning up', () => {
  it.each(worlds)(
    'keeps its promises in every order of every read and write: %s',
    (_, world) => {
      const { states, broken } = exploreAll(small(world));
      expect(broken).toBeUndefined();
      expect(states).toBeGreaterThan(2000);
    },
    600_000,
  );

  it('keeps them in two hundred orders of two cycles, stops and crashes', () => {
    keepsPromisesIn(200);
  }, 600_000);
});

describe('a mistake that could be made', () => {
  const brokenBy = (...mistakes: Mistake[]) =>
    exploreAll(small(aWorld({ shares: true })), new Set(mistakes)).broken?.promise;
  const active = 'what the active snapshot names was deleted';

  it.each<[string, Mistake[]]>([
    [active, ['publishForgetsItsTurn']],
    ['it was forgotten before it was gone', ['forgetsBeforeItIsEmpty']],
    ['less is there, and nothing says so', ['deletesFirstAndMarksLater']],
    [active, ['cleansWhatARunningCycleBuilds', 'markForgetsTheTurn']],
    [active, ['cleansWhatARunningCycleBuilds', 'markForgetsThePointer']],
  ])(
    'is found: %s, by %j',
    (promise, mistakes) => {
      expect(brokenBy(...mistakes)).toBe(promise);
    },
    600_000,
  );

  it('in the list alone deletes nothing that becomes active: the mark has conditions of its own', () => {
    expect(brokenBy('cleansWhatARunningCycleBuilds')).toBeUndefined();
  }, 600_000);
});
