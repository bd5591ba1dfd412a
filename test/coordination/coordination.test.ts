import { describe, expect, it } from '@jest/globals';
import { explore } from './explore.ts';
import type { Mistake, Setup } from './setup.ts';

/** Request one and two need both sources, the third needs one. */
const three: Pick<Setup, 'requests' | 'sources'> = { requests: [3, 3, 1], sources: 2 };
const two: Pick<Setup, 'requests' | 'sources'> = { requests: [3, 1], sources: 2 };
const alike: Pick<Setup, 'requests' | 'sources'> = { requests: [1, 1], sources: 1 };
const one: Pick<Setup, 'requests' | 'sources'> = { requests: [1], sources: 1 };

const WORLDS: Record<string, Setup> = {
  'three requests, two sources and two crashes': { ...three, crashes: 2, helpers: ['sweeper'] },
  'a source that still holds somebody': {
    ...two,
    crashes: 1,
    stillHolds: 1,
    helpers: ['sweeper'],
  },
  'somebody who is back when it is proven': {
    ...two,
    crashes: 1,
    reappearances: 1,
    rounds: 2,
    helpers: ['sweeper'],
  },
  'a source that cannot be refreshed': { ...two, crashes: 1, failures: 1, helpers: ['sweeper'] },
  'a scheduled refresh in between': { ...two, crashes: 1, helpers: ['sweeper', 'schedule'] },
  'the rule on failed executions, heard or lost': {
    ...two,
    crashes: 2,
    helpers: ['sweeper', 'rule'],
  },
  'steps that go on after their execution was stopped': {
    ...two,
    crashes: 1,
    orphans: true,
    helpers: ['sweeper'],
  },
  'somebody who cancels, at any moment': { ...one, crashes: 1, helpers: ['sweeper', 'canceller'] },
  'a line that dies three times, and an operator': {
    ...one,
    crashes: 4,
    helpers: ['sweeper', 'operator'],
  },
  'no crash, and no sweeper': { ...alike, crashes: 0, helpers: [] },
};

describe('in every order of all that can happen, no promise is broken', () => {
  it.each(Object.entries(WORLDS))(
    'with %s',
    (_, setup) => {
      const { states, broken } = explore(setup);
      expect(broken).toBeUndefined();
      expect(states).toBeGreaterThan(1000);
    },
    300_000,
  );
});

const MISTAKES: Record<Mistake, [setup: Setup, promise: RegExp]> = {
  ensuresBeforeLettingGo: [{ ...alike, crashes: 0, helpers: [] }, /leads to rest/],
  deliversBeforeRecording: [{ ...alike, crashes: 1, helpers: ['sweeper'] }, /not let go/],
  doorChecksNoTurn: [{ ...alike, crashes: 2, orphans: true, helpers: ['sweeper'] }, /not its turn/],
  passChecksNoTurn: [{ ...alike, crashes: 1, helpers: ['sweeper'] }, /two passes/],
  releasesWithoutCondition: [
    { ...alike, crashes: 2, orphans: true, helpers: ['sweeper'] },
    /released twice/,
  ],
  sleepsWithoutCondition: [{ ...alike, crashes: 0, helpers: [] }, /leads to rest/],
  unqueuesAtTheDoor: [{ ...one, crashes: 2, helpers: ['sweeper'] }, /leads to rest/],
  cancelsOnlyOnce: [{ ...one, crashes: 1, helpers: ['sweeper', 'canceller'] }, /leads to rest/],
  writesToClosedRequests: [
    { ...one, crashes: 2, orphans: true, helpers: ['sweeper', 'canceller'] },
    /closed/,
  ],
  forgetsAnsweredFault: [{ ...one, crashes: 4, helpers: ['sweeper', 'operator'] }, /leads to rest/],
};

describe('the exploration', () => {
  it('finds that a crash is not made good where nobody sweeps', () => {
    expect(explore({ ...alike, crashes: 1, helpers: [] }).broken?.promise).toMatch(/leads to rest/);
  });

  it.each(Object.entries(MISTAKES))(
    'finds what is wrong with %s',
    (mistake, [setup, promise]) => {
      const { broken } = explore({ ...setup, mistake: mistake as Mistake });
      expect(broken?.promise).toMatch(promise);
      expect(broken?.trace).not.toEqual([]);
    },
    120_000,
  );
});
