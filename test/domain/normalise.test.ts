import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NORMAL_FORMS } from '../../lambdas/domain/identity.ts';
import { coarseKey, normalise } from '../../lambdas/domain/normalise.ts';
import { coarseKeySql, normaliseSql } from '../../lambdas/domain/normalise-sql.ts';
import { duckdb } from './in-duckdb.ts';
import { VECTORS } from './normalise.vectors.ts';
import { troubledValues, troublesome } from './troublesome.ts';

/** Every character that is not an ideograph, a Hangul syllable or private. */
const everyCharacter = () =>
  Array.from({ length: 0x1ffff }, (_, i) => i + 1)
    .filter((i) => i < 0x3400 || (i > 0x9fff && i < 0xac00) || i > 0xf8ff)
    .filter((i) => i < 0x17000 || i > 0x18fff)
    .map((i) => String.fromCodePoint(i));

describe('normalise', () => {
  it.each(VECTORS)('%j', (raw, type, normalised) => {
    expect(normalise(raw, type)).toBe(normalised);
  });

  it('is settled after one turn', () => {
    fc.assert(
      fc.property(troublesome, fc.constantFrom(...NORMAL_FORMS), (raw, normalForm) => {
        const once = normalise(raw, { normalForm, defaultCountry: 'DE' });
        if (once !== undefined) expect(normalise(once, { normalForm })).toBe(once);
      }),
    );
  });
});

describe('normaliseSql', () => {
  it.each(['email', 'text'] as const)('is exact in DuckDB for %s', async (normalForm) => {
    const evaluate = await duckdb();
    const raws = [...VECTORS.map(([raw]) => raw), ...troubledValues()];
    expect(await evaluate(normaliseSql(normalForm, 'raw') ?? '', raws)).toEqual(
      raws.map((raw) => normalise(raw, { normalForm }) ?? null),
    );
  });

  it('lowers every letter of every script as TypeScript does', async () => {
    const evaluate = await duckdb();
    const raws = everyCharacter().map((c) => `a${c}b@example.com`);
    const answers = await evaluate(normaliseSql('email', 'raw') ?? '', raws);
    const differing = raws.filter(
      (raw, i) => answers[i] !== (normalise(raw, { normalForm: 'email' }) ?? null),
    );
    expect(differing).toEqual([]);
  });

  it('leaves phones to TypeScript', () => {
    expect(normaliseSql('phone', 'raw')).toBeUndefined();
  });
});

describe('coarseKeySql in DuckDB', () => {
  it.each(NORMAL_FORMS)('finds every spelling of a normalised %s', async (normalForm) => {
    const evaluate = await duckdb();
    const raws = [
      ...VECTORS.map(([raw]) => raw),
      ...troubledValues(),
      ...everyCharacter().map((c) => `a${c}b@c${c}de1234567${c}`),
    ];
    const keys = await evaluate(coarseKeySql(normalForm, 'raw', 'duckdb'), raws);
    const missed = raws.filter((raw, i) => {
      const values = (['DE', 'AR', 'CK'] as const).map((defaultCountry) =>
        normalise(raw, { normalForm, defaultCountry }),
      );
      return values.some(
        (value) => value !== undefined && coarseKey(value, normalForm) !== keys[i],
      );
    });
    expect(missed).toEqual([]);
  });

  it('keeps NULL', async () => {
    const evaluate = await duckdb();
    for (const form of NORMAL_FORMS)
      expect(await evaluate(coarseKeySql(form, 'raw', 'duckdb'), [null])).toEqual([null]);
  });
});
