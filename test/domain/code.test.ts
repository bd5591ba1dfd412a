import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CODE_ALPHABET,
  CODE_LENGTH,
  CODE_TRIES,
  type CodeState,
  codeFrom,
  nextState,
  readCode,
  spacedCode,
  standingOf,
  triesLeft,
} from '../../lambdas/domain/code.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const aCode = fc.uint8Array({ minLength: CODE_LENGTH, maxLength: CODE_LENGTH }).map(codeFrom);

describe('a code', () => {
  it('has eight characters, none of which is read as another', () => {
    expect(CODE_ALPHABET).toHaveLength(32);
    expect(new Set(CODE_ALPHABET).size).toBe(32);
    expect(CODE_ALPHABET).not.toMatch(/[ILOU]/);
    fc.assert(fc.property(aCode, (code) => /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code)));
  });

  it('prefers no character: each comes of as many bytes as any other', () => {
    const count = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      const [first = ''] = codeFrom(new Uint8Array(CODE_LENGTH).fill(byte));
      count.set(first, (count.get(first) ?? 0) + 1);
    }
    expect(new Set(count.values())).toEqual(new Set([256 / CODE_ALPHABET.length]));
  });

  it('is not made of too little chance', () => {
    expect(() => codeFrom(new Uint8Array(CODE_LENGTH - 1))).toThrow('8 random bytes');
  });
});

describe('a code that is typed', () => {
  const spoken: Record<string, string[]> = { '0': ['0', 'o', 'O'], '1': ['1', 'i', 'I', 'l', 'L'] };
  const between = fc.constantFrom('', ' ', '-', '–', '\u00a0', '\u200b', '\t', '.', '_');

  it('is read in whatever case, with gaps and look-alikes', () => {
    const typed = aCode.chain((code) =>
      fc
        .tuple(
          ...[...code].map((letter) =>
            fc.tuple(
              between,
              fc.constantFrom(...(spoken[letter] ?? [letter, letter.toLowerCase()])),
            ),
          ),
          fc.tuple(between, fc.constant('')),
        )
        .map((parts) => ({ code, typed: parts.flat().join('') })),
    );
    fc.assert(fc.property(typed, ({ code, typed }) => readCode(typed) === code));
  });

  it('is read as it was mailed', () => {
    fc.assert(fc.property(aCode, (code) => readCode(spacedCode(code)) === code));
    expect(spacedCode('7GQ2M0XK')).toBe('7GQ2-M0XK');
    expect(readCode('７ＧＱ２－Ｍ０ＸＫ')).toBe('7GQ2M0XK');
  });

  it.each([
    ['nothing', ''],
    ['too few characters', '7GQ2M0X'],
    ['too many characters', '7GQ2M0XKK'],
    ['a letter that no code has', '7GQ2M0XU'],
    ['letters of another script that look the same', '7GQ2M0ХК'],
    ['words', 'I am out of the office until Monday'],
    ['an endless text', '7GQ2M0XK'.repeat(1_000_000)],
  ])('is none at all: %s', (_, typed) => {
    expect(readCode(typed)).toBeUndefined();
  });

  it('never becomes another code, and never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (typed) => {
        const code = readCode(typed);
        return code === undefined || readCode(code) === code;
      }),
    );
  });
});

describe('what becomes of a code', () => {
  const LATER = new Date(NOW.getTime() + 1000);
  const issued: CodeState = { fate: 'issued', tries: 0, expiresAt: LATER.toISOString() };
  const ended = (...events: ('try' | 'match' | 'void')[]) =>
    events.reduce((state, event) => nextState(state, event, NOW), issued);

  it('works once', () => {
    expect(standingOf(ended('try', 'match'), NOW)).toBe('used');
    expect(ended('try', 'match', 'try', 'match')).toEqual(ended('try', 'match'));
  });

  it('may be right at the last try, and is locked after it', () => {
    const tries = Array.from({ length: CODE_TRIES }, () => 'try' as const);
    expect(triesLeft(ended(...tries.slice(1)))).toBe(1);
    expect(standingOf(ended(...tries), NOW)).toBe('locked');
    expect(standingOf(ended(...tries, 'match'), NOW)).toBe('used');
  });

  it('is over at its time, to the millisecond', () => {
    expect(standingOf(issued, new Date(LATER.getTime() - 1))).toBe('issued');
    expect(standingOf(issued, LATER)).toBe('expired');
    expect(nextState(issued, 'try', LATER)).toEqual(issued);
    expect(nextState(ended('try'), 'match', LATER)).toEqual(ended('try'));
  });

  it('is void once a newer one was sent', () => {
    expect(standingOf(ended('void'), NOW)).toBe('voided');
    expect(ended('void', 'try', 'match')).toEqual(ended('void'));
  });

  const events = fc.array(
    fc.tuple(fc.constantFrom('try', 'match', 'void'), fc.integer({ min: -5, max: 5 })),
    { maxLength: 30 },
  );

  it('is compared five times at most, and used once at most, in every history', () => {
    fc.assert(
      fc.property(events, (history) => {
        let state = issued;
        let taken = 0;
        let uses = 0;
        for (const [event, ms] of history) {
          const before = state;
          state = nextState(state, event, new Date(LATER.getTime() + ms));
          if (state.tries > before.tries) taken += 1;
          if (state.fate === 'used' && before.fate !== 'used') uses += 1;
          expect(taken).toBeLessThanOrEqual(CODE_TRIES);
        }
        expect(uses).toBeLessThanOrEqual(1);
        if (uses > 0) expect(taken).toBeGreaterThan(0);
      }),
    );
  });

  it('never works again once it was used or voided', () => {
    fc.assert(
      fc.property(events, fc.constantFrom('used', 'voided'), (history, fate) => {
        const over: CodeState = { ...issued, fate };
        const end = history.reduce((state, [event]) => nextState(state, event, NOW), over);
        expect(end).toEqual(over);
      }),
    );
  });
});
