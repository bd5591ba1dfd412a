import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  columnsLost,
  planCycle,
  rowsGiven,
  sourcesToRefresh,
  wouldLose,
} from '../../lambdas/domain/cycle-plan.ts';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import { PLATFORM_SQL, PLATFORM_YAML } from './a-platform.ts';

const { platform } = parsePlatform({
  file: 'platform.yaml',
  yaml: PLATFORM_YAML,
  sql: PLATFORM_SQL,
});
const everything = new Set(['crm', 'web']);

describe('a cycle', () => {
  it('refreshes what anybody in the queue needs, each source once', () => {
    expect(sourcesToRefresh(platform, [['web'], ['web']], everything)).toEqual(['web']);
    expect(sourcesToRefresh(platform, [['web'], 'all'], everything)).toEqual(['crm', 'web']);
    expect(sourcesToRefresh(platform, [[]], everything)).toEqual([]);
  });

  it('refreshes what no cycle has ingested yet, so that every snapshot has all sources', () => {
    expect(sourcesToRefresh(platform, [['web']], new Set(['web']))).toEqual(['crm', 'web']);
  });

  it('refreshes nothing that the platform does not declare', () => {
    expect(sourcesToRefresh(platform, [['former', 'crm']], everything)).toEqual(['crm']);
  });

  it('builds models by level, and tells dynamic segments from static ones', () => {
    expect(planCycle(platform, ['crm'], true)).toEqual({
      sources: ['crm'],
      levels: [['customers'], ['revenue']],
      dynamicSegments: ['everyone'],
      staticSegments: ['founders'],
      carriesErasure: true,
    });
  });
});

describe('an extraction that loses rows', () => {
  it('is no loss where nothing was before', () => {
    expect(wouldLose(0, 0, 0.5)).toBe(false);
  });

  it('is held above the share that the source declares, and not at it', () => {
    expect(wouldLose(100, 50, 0.5)).toBe(false);
    expect(wouldLose(100, 49, 0.5)).toBe(true);
    expect(wouldLose(100, 1, 1)).toBe(false);
  });

  it('is always held when nothing is left, because that looks like everybody’s erasure', () => {
    for (const share of [0, 0.5, 1]) expect(wouldLose(100, 0, share)).toBe(true);
  });

  it('counts what the source gave, with the rows of people who were erased', () => {
    const given = rowsGiven({ rows: 10, leftOut: 90 });
    expect(wouldLose(rowsGiven({ rows: 100 }), given, 0.5)).toBe(false);
    expect(wouldLose(given, rowsGiven({ rows: 10 }), 0.5)).toBe(true);
  });

  it('is never held when it brings as much as before, or more', () =>
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, more, share) => expect(wouldLose(before, before + more, share)).toBe(false),
      ),
    ));
});

describe('an identity column', () => {
  const before = { rows: 100, filled: { email: 90, phone: 1, note: 0 } };
  const lost = (rows: number, filled: Record<string, number>, share = 0.5) =>
    columnsLost(before, { rows, filled }, share);

  it('that most rows no longer fill is lost: its field may have another name', () => {
    expect(lost(100, { email: 0, phone: 1, note: 0 })).toEqual(['email']);
    expect(lost(100, { email: 44, phone: 1 })).toEqual(['email']);
    expect(lost(100, { email: 0, phone: 0 }, 1)).toEqual(['email', 'phone']);
  });

  it('is not lost where its rows went with it, or as few as the source allows', () => {
    expect(lost(99, { email: 89, phone: 0 })).toEqual([]);
    expect(lost(100, { email: 45, phone: 1 })).toEqual([]);
  });

  it('is not lost where it was emptied in rows of people who were erased', () => {
    const after = { rows: 100, filled: { email: 10, phone: 1 } };
    expect(columnsLost(before, { ...after, cleared: 80 }, 0.5)).toEqual([]);
    expect(columnsLost(before, { ...after, cleared: 79 }, 0.5)).toEqual(['email']);
    // Once counted, they are no excuse any more.
    expect(columnsLost({ ...before, cleared: 80 }, { ...after, cleared: 80 }, 0.5)).toEqual([
      'email',
    ]);
  });

  it('is not lost where it always was empty, was not counted, or is declared no more', () => {
    expect(lost(100, { note: 0 })).toEqual([]);
    expect(columnsLost({ rows: 100 }, { rows: 100, filled: { email: 0 } }, 0.5)).toEqual([]);
  });
});
