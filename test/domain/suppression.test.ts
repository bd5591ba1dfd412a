import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import type { Source } from '../../lambdas/domain/platform.ts';
import {
  effectOn,
  erasedFrom,
  lastDayOf,
  recognisedUntil,
  retainedSources,
} from '../../lambdas/domain/suppression.ts';
import { PLATFORM_SQL, PLATFORM_YAML } from './a-platform.ts';

const { platform } = parsePlatform({
  file: 'platform.yaml',
  yaml: PLATFORM_YAML,
  sql: PLATFORM_SQL,
});
const NOON = new Date('2026-03-01T12:00:00Z');

const keeping = (retained?: Source['retained']): Source => {
  const { crm } = structuredClone(platform.sources);
  if (!crm) throw new Error('The platform has a crm.');
  return { ...crm, retained };
};
const invoices = keeping({ basis: 'tax law', until: '10y' });
const web = keeping();

describe('the last day of a retention', () => {
  it.each([
    ['10y', '2036-03-01'],
    ['18m', '2027-09-01'],
    ['90d', '2026-05-30'],
    ['2030-12-31', '2030-12-31'],
  ])('of %s is %s', (until, day) => {
    expect(lastDayOf({ until }, '2026-03-01')).toBe(day);
  });

  it('is a leap day later the last of February', () => {
    expect(lastDayOf({ until: '1y' }, '2028-02-29')).toBe('2029-02-28');
  });
});

describe('an erasure', () => {
  const kept = { ...platform, sources: { invoices, web } };

  it('is recognised everywhere for as long as the platform says, and longer where a law keeps people', () => {
    expect(erasedFrom(kept, NOON)).toEqual({
      state: 'erased',
      suppressedUntil: '2027-03-01',
      retained: { invoices: '2036-03-01' },
    });
    expect(recognisedUntil(erasedFrom(kept, NOON))).toBe('2036-03-01');
  });

  it('is recognised nowhere when the platform keeps nothing', () => {
    const off = { ...platform, suppression: { days: 0, filter: true } };
    expect(recognisedUntil(erasedFrom(off, NOON))).toBeUndefined();
  });

  it('begins and ends with days of the platform, not of the world', () => {
    const late = new Date('2026-03-01T23:30:00Z');
    expect(erasedFrom(kept, late).suppressedUntil).toBe('2027-03-02');
  });

  it('is no exception any more once the day that is named has passed', () => {
    const until = { ...platform, sources: { web: keeping({ basis: 'x', until: '2026-02-28' }) } };
    expect(retainedSources(until, NOON)).toEqual({});
  });
});

describe('a row of somebody who was erased', () => {
  const erased = { state: 'erased', suppressedUntil: '2027-03-01', retained: {} } as const;
  const on = (source: Source, today = '2026-06-01', filter = true) => ({
    name: 'invoices',
    source,
    filter,
    today,
  });

  it('stays out, and is told', () => {
    expect(effectOn(erased, on(web))).toEqual({ treatment: 'leaveOut', resurrected: true });
  });

  it('is let in and told where the platform does not filter', () => {
    const effect = effectOn(erased, on(web, '2026-06-01', false));
    expect(effect).toEqual({ treatment: 'letIn', resurrected: true });
  });

  it('is like any other after the last day, and not before', () => {
    expect(effectOn(erased, on(web, '2027-03-01'))).toBeDefined();
    expect(effectOn(erased, on(web, '2027-03-02'))).toBeUndefined();
  });

  it('stays out in silence once somebody decided that, also where the platform does not filter', () => {
    const effect = effectOn({ ...erased, keptOut: true }, on(web, '2026-06-01', false));
    expect(effect).toEqual({ treatment: 'leaveOut', resurrected: false });
  });

  it('stays out in silence of a source that keeps it by law, longer than anywhere else', () => {
    const kept = { ...erased, retained: { invoices: '2036-03-01' } };
    const silently = { treatment: 'leaveOut', resurrected: false };
    expect(effectOn(kept, on(invoices))).toEqual(silently);
    expect(effectOn(kept, on(invoices, '2030-01-01'))).toEqual(silently);
    expect(effectOn(kept, on(invoices, '2036-03-02'))).toBeUndefined();
    expect(effectOn(kept, { ...on(web, '2030-01-01'), name: 'web' })).toBeUndefined();
  });

  it('is cleared where columns are named', () => {
    const kept = { ...erased, retained: { invoices: '2036-03-01' } };
    const source = keeping({ basis: 'tax law', until: '10y', columns: ['email'] });
    expect(effectOn(kept, on(source))?.treatment).toBe('clear');
  });

  it('of a member of a cycle stays out of sources that keep it by law, and of no other', () => {
    const member = { state: 'member', retained: {} } as const;
    expect(effectOn(member, on(invoices))?.treatment).toBe('leaveOut');
    expect(effectOn(member, on(web))).toBeUndefined();
  });

  it('never comes back on the day that ends the later of both, in a source that keeps it', () => {
    const day = fc.integer({ min: 0, max: 4000 });
    const plus = (days: number) =>
      new Date(NOON.getTime() + days * 86_400_000).toISOString().slice(0, 10);
    fc.assert(
      fc.property(day, day, day, (suppressed, retained, today) => {
        const person = {
          state: 'erased' as const,
          suppressedUntil: plus(suppressed),
          retained: { invoices: plus(retained) },
        };
        const effect = effectOn(person, on(invoices, plus(today)));
        return (effect?.treatment === 'leaveOut') === today <= Math.max(suppressed, retained);
      }),
    );
  });
});
