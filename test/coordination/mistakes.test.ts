import { expect, it } from '@jest/globals';
import { explore } from './explore.ts';
import type { Mistake, Setup } from './setup.ts';

const ONE: Setup = { requests: [1], sources: 1, crashes: 1, helpers: ['sweeper'] };
const TWO: Setup = { ...ONE, requests: [1, 1] };
const ALONE: Setup = { ...ONE, crashes: 0, helpers: [] };
const LOST = 'nothing that may happen leads to rest';

/** An exploration that finds nothing wrong shows something only if it finds what is wrong. */
const MISTAKES: Record<Mistake, [string, Setup]> = {
  ensuresBeforeLettingGo: [LOST, { ...ALONE, requests: [1, 1] }],
  deliversBeforeRecording: ['a source was refreshed for a request that it had not let go', ONE],
  recordsWithoutCondition: ['a request was released twice in one round', ONE],
  sleepsWithoutCondition: [LOST, ALONE],
  changesLockWithoutCondition: [
    'two passes asked at once',
    { ...ALONE, requests: [1, 1], fine: true },
  ],
  doorChecksNoTurn: ['c-1 wrote, though it was not its turn', { ...TWO, orphans: true }],
  passChecksNoTurn: ['two passes asked at once', { ...ALONE, requests: [1, 1], stillHolds: 1 }],
  unqueuesAtTheDoor: [LOST, ONE],
  releasesLateJoiners: [
    'a request was released without its refresh',
    { ...ALONE, requests: [1, 1], fine: true },
  ],
  cancelsOnlyOnce: [LOST, { ...ONE, helpers: ['sweeper', 'canceller'], stillHolds: 'never' }],
  writesToClosedRequests: [
    'join.record changed a request that was closed',
    { ...ONE, helpers: ['sweeper', 'canceller'], orphans: true },
  ],
  asksAboutOldAttempts: [
    'the operator was asked about an attempt that is not the last',
    { ...ONE, crashes: 4, helpers: ['sweeper', 'rule', 'operator'] },
  ],
  forgetsAnsweredFault: [LOST, { ...ONE, crashes: 4, helpers: ['sweeper', 'operator'] }],
};

it.each(Object.entries(MISTAKES))('finds what comes of it: %s', (mistake, [promise, setup]) => {
  const { broken } = explore({ ...setup, mistake: mistake as Mistake });
  expect(broken?.promise).toBe(promise);
  expect(broken?.trace.length).toBeGreaterThan(1);
});

it('finds that a death is mended only where the sweeper looks', () => {
  for (const helpers of [[], ['rule']] as Setup['helpers'][])
    expect(explore({ ...ONE, helpers }).broken?.promise).toBe(LOST);
  expect(explore(ONE).broken).toBeUndefined();
});
