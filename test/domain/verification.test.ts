import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Identity } from '../../lambdas/domain/identity.ts';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import type { SourceAnswer } from '../../lambdas/domain/source-answer.ts';
import {
  afterAnswer,
  allGone,
  askAt,
  askable,
  isDue,
  nextInterval,
  ownersToTell,
  type SourceState,
  sleepSeconds,
  sourcesDeclaring,
  sourcesToAsk,
} from '../../lambdas/domain/verification.ts';
import { PLATFORM_SQL, PLATFORM_YAML } from './a-platform.ts';

const { platform } = parsePlatform({
  file: 'platform.yaml',
  yaml: PLATFORM_YAML,
  sql: PLATFORM_SQL,
});
const verification = { firstSeconds: 10, lastSeconds: 60, patienceSeconds: 600 };
const AT = new Date('2026-03-01T10:00:00.000Z');
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1000).toISOString();
const now = AT;
const unasked: SourceState = { asks: 0, nextAskAt: AT.toISOString() };
const answered = (given: SourceAnswer, state = unasked, now = AT) =>
  afterAnswer(state, given, verification, now);

const anAnswer = fc.oneof<fc.Arbitrary<SourceAnswer>[]>(
  fc.constant({ answer: 'gone' as const }),
  fc.nat().map((rows) => ({ answer: 'stillHeld' as const, rows })),
  fc.constant({ answer: 'cannotTell' as const, types: ['phone'] }),
  fc.constant({ answer: 'unreachable' as const, reason: 'timedOut' as const }),
);

describe('the sources that are asked about a subject', () => {
  const email: Identity = { type: 'email', value: 'a@x' };
  const customer: Identity = { type: 'customer_id', value: '1' };

  it('are those that declare a type of which it has a unique identity', () => {
    expect(sourcesToAsk(platform, [email], { now })).toEqual(['crm', 'web']);
    expect(sourcesToAsk(platform, [customer], { now })).toEqual(['crm']);
    expect(sourcesToAsk(platform, [], { now })).toEqual([]);
  });

  it('are not those that somebody gave up on', () => {
    expect(sourcesToAsk(platform, [email, customer], { without: ['crm'], now })).toEqual(['web']);
  });

  it('are not those that keep people by law, for as long as it demands that', () => {
    const keeping = (until: string) => {
      const kept = structuredClone(platform);
      const { crm } = kept.sources;
      if (crm) crm.retained = { basis: 'a law', until };
      return kept;
    };
    const asked = (until: string) => sourcesToAsk(keeping(until), [email], { now });
    expect(asked('10y')).toEqual(['web']);
    expect(asked('2026-03-01')).toEqual(['web']);
    expect(asked('2026-02-28')).toEqual(['crm', 'web']);
    expect(sourcesDeclaring(keeping('10y'), [email])).toEqual(['crm', 'web']);
  });

  it('are asked about neither shared identities nor keys that a model made', () => {
    const made: Identity = { type: 'golden_id', value: 'g' };
    const phone: Identity = { type: 'phone', value: '+4930' };
    const undeclared: Identity = { type: 'device', value: 'd' };
    expect(askable([email, phone, made, undeclared], platform.identityTypes)).toEqual([email]);
  });
});

describe('the interval between two questions', () => {
  it('doubles from the first to the last', () => {
    expect([1, 2, 3, 4, 5].map((asks) => nextInterval(asks, verification))).toEqual([
      10, 20, 40, 60, 60,
    ]);
  });

  it('never shrinks, and never leaves its bounds', () =>
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), (asks) => {
        const interval = nextInterval(asks, verification);
        expect(interval).toBeGreaterThanOrEqual(verification.firstSeconds);
        expect(interval).toBeLessThanOrEqual(verification.lastSeconds);
        expect(nextInterval(asks + 1, verification)).toBeGreaterThanOrEqual(interval);
      }),
    ));

  it('makes a new subject due at once, and another one when its time has come', () => {
    expect(isDue(unasked, verification, AT)).toBe(true);
    const { nextAskAt } = answered({ answer: 'stillHeld', rows: 1 });
    expect(nextAskAt).toBe(later(10));
    expect(isDue({ asks: 1, nextAskAt }, verification, new Date(later(9)))).toBe(false);
    expect(isDue({ asks: 1, nextAskAt }, verification, new Date(later(10)))).toBe(true);
  });

  it('has its turn together with others who were asked about at nearly the same time', () => {
    const held: SourceAnswer = { answer: 'stillHeld', rows: 1 };
    const turns = [0, 1, 4].map((s) => answered(held, unasked, new Date(later(s))).nextAskAt);
    expect(new Set(turns)).toEqual(new Set([later(10)]));
  });

  it('always has it later than now', () =>
    fc.assert(
      fc.property(anAnswer, fc.nat({ max: 20 }), fc.nat({ max: 100 }), (given, asks, s) => {
        const { nextAskAt } = answered(given, { ...unasked, asks }, new Date(later(s)));
        expect(nextAskAt > later(s)).toBe(true);
      }),
    ));
});

describe('a clock that was wrong when a source was asked', () => {
  const DAYS = 86_400;
  const anyJump = fc.integer({ min: -60 * DAYS, max: 60 * DAYS });
  const asked = (jump: number, given: SourceAnswer, asks: number) =>
    answered(given, { ...unasked, asks }, new Date(later(jump)));

  it('by forty days makes nobody wait for forty days', () => {
    const state = asked(40 * DAYS, { answer: 'stillHeld', rows: 1 }, 0);
    expect(state.nextAskAt > later(40 * DAYS)).toBe(true);
    expect(isDue(state, verification, AT)).toBe(true);
    expect(askAt(state, verification, AT)).toBe(later(0));
  });

  it('by however much makes nobody wait longer than that answer does', () =>
    fc.assert(
      fc.property(anAnswer, fc.nat({ max: 20 }), anyJump, (given, asks, jump) => {
        const state = asked(jump, given, asks);
        const interval = given.answer === 'gone' ? 60 : nextInterval(asks + 1, verification);
        expect(askAt(state, verification, AT) <= later(interval + 10)).toBe(true);
      }),
    ));

  it('makes a pass sleep no longer than the longest interval, nor less than no time', () =>
    fc.assert(
      fc.property(anyJump, (jump) => {
        const seconds = sleepSeconds(later(jump), verification, AT);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(70);
      }),
    ));

  it('is told from one that was right, by which everybody waits as long as the answer says', () =>
    fc.assert(
      fc.property(anAnswer, fc.nat({ max: 20 }), fc.nat({ max: 90 }), (given, asks, passed) => {
        const state = asked(0, given, asks);
        const now = new Date(later(passed));
        expect(askAt(state, verification, now)).toBe(state.nextAskAt);
        expect(isDue(state, verification, now)).toBe(state.nextAskAt <= later(passed));
        if (isDue(state, verification, now)) return;
        const wakesUp = passed + sleepSeconds(state.nextAskAt, verification, now);
        expect(isDue(state, verification, new Date(later(wakesUp)))).toBe(true);
      }),
    ));
});

describe('an answer', () => {
  it('is kept with its words, which say nothing of any row', () => {
    expect(answered({ answer: 'stillHeld', rows: 1 }).detail).toBe('1 row');
    expect(answered({ answer: 'stillHeld', rows: 3 }).detail).toBe('3 rows');
    expect(answered({ answer: 'cannotTell', types: ['phone', 'email'] }).detail).toBe(
      'phone, email',
    );
    expect(answered({ answer: 'unreachable', reason: 'timedOut' }).detail).toBe('timedOut');
    expect(answered({ answer: 'gone' }).detail).toBeUndefined();
  });

  it('keeps the time of the first of an unbroken run of "gone", and loses it with the run', () => {
    const first = answered({ answer: 'gone' });
    const second = answered({ answer: 'gone' }, first, new Date(later(60)));
    const back = answered({ answer: 'stillHeld', rows: 1 }, second, new Date(later(120)));
    const again = answered({ answer: 'gone' }, back, new Date(later(180)));
    expect([first, second, back, again].map(({ goneSince }) => goneSince)).toEqual([
      AT.toISOString(),
      AT.toISOString(),
      undefined,
      later(180),
    ]);
  });

  it('of "gone" is asked for again at the longest interval', () => {
    expect(answered({ answer: 'gone' }).nextAskAt).toBe(later(60));
  });

  it('lets a request go on only when every source says gone', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anAnswer), (given) => {
        const sources = Object.fromEntries(
          Object.entries(given).map(([source, one]) => [source, answered(one)]),
        );
        const isGone = Object.values(given).every(({ answer }) => answer === 'gone');
        expect(allGone(sources)).toBe(isGone);
        expect(allGone({ ...sources, unasked })).toBe(false);
      }),
    ));

  it('tells an owner once, and only of a person who is not gone', () => {
    const told = { ...answered({ answer: 'stillHeld', rows: 1 }), ownerToldAt: later(1) };
    expect(
      ownersToTell({
        unasked,
        gone: answered({ answer: 'gone' }),
        held: answered({ answer: 'stillHeld', rows: 1 }),
        unclear: answered({ answer: 'cannotTell', types: ['phone'] }),
        silent: answered({ answer: 'unreachable', reason: 'timedOut' }),
        told: answered({ answer: 'stillHeld', rows: 1 }, told),
      }),
    ).toEqual(['held', 'unclear', 'silent']);
  });
});
