import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min';
import { normalise } from '../../lambdas/domain/normalise.ts';
import {
  barePhoneSql,
  homePhoneSql,
  plainPhoneSql,
  readPlainPhone,
} from '../../lambdas/domain/plain-phone.ts';
import { duckdb } from './in-duckdb.ts';
import { VECTORS } from './normalise.vectors.ts';
import { troublesome } from './troublesome.ts';

const COUNTRIES = getCountries();
const CALLING_CODES = [...new Set(COUNTRIES.map((country) => getCountryCallingCode(country)))];

/** Numbers that begin as those of a country may, from within or from abroad. */
const numbersIn = (country: CountryCode) =>
  fc
    .tuple(
      fc.constantFrom('', '+', '0', '00', '011', '1', '8', '06', getCountryCallingCode(country)),
      fc.constantFrom('', '0', ...CALLING_CODES),
      fc.stringMatching(/^[0-9]{4,13}$/),
    )
    .map((parts) => parts.join(''));

/** What the library says, asked as `normalise` asks it. */
function parsed(number: string, country: CountryCode): string | undefined {
  const read = parsePhoneNumberFromString(number, country);
  return read?.isPossible() && read.nationalNumber.length >= 5 ? read.number : undefined;
}

describe('readPlainPhone', () => {
  it('says what libphonenumber says, in every country', () => {
    const wrong = COUNTRIES.flatMap((country) =>
      fc.sample(numbersIn(country), 200).filter((number) => {
        const plain = readPlainPhone(number, country);
        return plain !== undefined && plain !== parsed(number, country);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['+4915112345678', undefined, '+4915112345678'],
    ['015112345678', 'DE', '+4915112345678'],
    ['0301234567', 'DE', '+49301234567'],
    ['2133734253', 'US', '+12133734253'],
    ['612345678', 'ES', '+34612345678'],
    // The calling code, or the beginning of a number: the parser has to weigh it.
    ['4915112345678', 'DE', undefined],
    ['0015112345678', 'DE', undefined],
    ['015112345678', undefined, undefined],
  ] as const)('%s in %s is %s', (number, country, value) => {
    expect(readPlainPhone(number, country)).toBe(value);
  });
});

describe('plainPhoneSql', () => {
  it.each(['DE', 'US', 'FR', 'GB', 'RU', 'AR', undefined] as const)(
    'is exact in DuckDB, or says nothing: %s',
    async (defaultCountry) => {
      const evaluate = await duckdb();
      const raws = [
        ...VECTORS.map(([raw]) => raw),
        ...fc.sample(troublesome, 500).flatMap((s) => [s, `+49 30${s}12345${s}`]),
        ...fc
          .sample(numbersIn(defaultCountry ?? 'DE'), 2000)
          .flatMap((number) => [
            number,
            number.replace(/^(.{4})/, '($1) '),
            number.replace(/(.{3})$/, '/$1-'),
          ]),
      ];
      const plain = await evaluate(plainPhoneSql(barePhoneSql('raw'), defaultCountry), raws);
      const wrong = raws.filter((raw, i) => {
        const value = normalise(raw, { normalForm: 'phone', defaultCountry });
        return plain[i] !== null && plain[i] !== value;
      });
      expect(wrong).toEqual([]);
      expect(plain.filter((value) => value !== null).length).toBeGreaterThan(100);
    },
  );

  it('has patterns that DuckDB takes, in every country', async () => {
    const evaluate = await duckdb();
    const everywhere = COUNTRIES.map((country) => homePhoneSql('raw', country));
    expect(await evaluate(`coalesce(${everywhere.join(', ')})`, ['none'])).toEqual([null]);
  });
});
