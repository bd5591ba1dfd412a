import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AskReason,
  askedAbout,
  type CycleResult,
  decisionOn,
  verdictOn,
} from '../../lambdas/domain/cycle-result.ts';
import { SOURCE_STATUSES } from '../../lambdas/domain/refresh.ts';

const aResult = (result: Partial<CycleResult> = {}): CycleResult => ({
  cycleId: 'c-7',
  outcome: 'proven',
  snapshotId: 'c-7',
  found: [],
  sharedWithOthers: [],
  foundUndeclared: [],
  scanned: { tables: 9, rows: 900, deep: 9 },
  failedSources: [],
  residue: [],
  ...result,
});
const inRound = (round: number, grew = false) => ({ round, rounds: 3, grew });

describe('the verdict on a proof', () => {
  it('is absence when nothing was found and nobody new came to light', () => {
    expect(verdictOn(aResult(), inRound(1))).toEqual({ verdict: 'absent' });
  });

  it('is another round when the identities are more than were proven', () => {
    expect(verdictOn(aResult(), inRound(1, true))).toEqual({
      verdict: 'nextRound',
      reason: 'identitiesGrew',
    });
  });

  it('is another round when the person reappeared', () => {
    expect(verdictOn(aResult({ outcome: 'found' }), inRound(2))).toEqual({
      verdict: 'nextRound',
      reason: 'reappeared',
    });
  });

  it('is a question after the last round', () => {
    const asked = { verdict: 'ask', reason: 'reappearedTooOften' };
    expect(verdictOn(aResult({ outcome: 'found' }), inRound(3))).toEqual(asked);
    expect(verdictOn(aResult(), inRound(3, true))).toEqual(asked);
  });

  it('is a question to the tenant when a refresh was held, and to the operator when it failed', () => {
    const failed = (...statuses: (typeof SOURCE_STATUSES)[number][]) =>
      verdictOn(
        aResult({
          outcome: 'sourceFailed',
          failedSources: statuses.map((status) => ({ source: 'crm', status, cause: '' })),
        }),
        inRound(1),
      );
    expect(failed('failedPermanent')).toEqual({ verdict: 'ask', reason: 'sourceFailed' });
    expect(failed('failedPermanent', 'heldForLoss')).toEqual({
      verdict: 'ask',
      reason: 'heldForLoss',
    });
  });

  it('never calls absent what was found, not scanned, not built or not refreshed', () =>
    fc.assert(
      fc.property(
        fc.constantFrom<CycleResult['outcome'][]>(
          'found',
          'foundUndeclared',
          'notScanned',
          'sourceFailed',
          'buildFailed',
        ),
        fc.constantFrom(...SOURCE_STATUSES),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (outcome, status, round, grew) => {
          const failedSources = [{ source: 'crm', status, cause: '' }];
          const { verdict } = verdictOn(aResult({ outcome, failedSources }), inRound(round, grew));
          expect(verdict).not.toBe('absent');
        },
      ),
    ));
});

describe('the decision on what to do', () => {
  const reasons: [reason: AskReason, role: string, options: string[]][] = [
    ['heldForLoss', 'tenantAdmin', ['acceptLoss', 'tryAgain', 'giveUp']],
    ['reappearedTooOften', 'tenantAdmin', ['tryAgain', 'giveUp']],
    ['foundUndeclared', 'tenantAdmin', ['tryAgain', 'giveUp']],
    ['sourceFailed', 'operator', ['tryAgain', 'giveUp']],
    ['buildFailed', 'operator', ['tryAgain', 'giveUp']],
    ['notScanned', 'operator', ['tryAgain', 'giveUp']],
  ];

  it.each(reasons)('after %s is asked of the %s', (reason, role, options) => {
    expect(decisionOn(reason)).toEqual({ role, options });
  });
});

describe('what stands beside the question', () => {
  const failed = { source: 'crm', status: 'heldForLoss' as const, cause: 'it gave 2 rows' };

  it.each(['sourceFailed', 'heldForLoss'] as const)('names each source and why: %s', (reason) => {
    const words = askedAbout(reason, aResult({ failedSources: [failed] }));
    expect(words).toEqual([expect.any(String), 'crm: it gave 2 rows']);
  });

  it('names what could not be built, and why', () => {
    const failedBuild = { kind: 'model' as const, name: 'visits', cause: 'visits.sql, line 3' };
    const words = askedAbout('buildFailed', aResult({ failedBuild }));
    expect(words).toEqual([expect.any(String), 'model visits: visits.sql, line 3']);
  });

  it('names the tables in which the person stands again, if any', () => {
    const found = [{ kind: 'source' as const, name: 'crm', rows: 1 }];
    const words = askedAbout('reappearedTooOften', aResult({ found }));
    expect(words).toEqual([expect.any(String), 'source crm (1 row)']);
    expect(askedAbout('reappearedTooOften', aResult())).toBeUndefined();
  });
});

describe('somebody who gave up on a source', () => {
  const found = [
    { kind: 'source' as const, name: 'crm', rows: 1 },
    { kind: 'model' as const, name: 'customers', rows: 1 },
  ];
  const inFirstRound = { round: 1, rounds: 3, grew: false, without: ['crm'] };

  it('is not asked again because that source, and what is made of it, still holds the person', () => {
    expect(verdictOn(aResult({ outcome: 'found', found }), inFirstRound)).toEqual({
      verdict: 'partlyGone',
    });
  });

  it('does not hide that another source took the person back', () => {
    const back = [...found, { kind: 'source' as const, name: 'orders', rows: 2 }];
    expect(verdictOn(aResult({ outcome: 'found', found: back }), inFirstRound)).toEqual({
      verdict: 'nextRound',
      reason: 'reappeared',
    });
  });
});
