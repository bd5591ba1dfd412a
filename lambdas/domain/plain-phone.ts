import type { IdentityType } from './identity.ts';
import { digitsOf, quote } from './normalise-sql.ts';
import { type HomePhones, type PlainPhones, plainPhones } from './phone-plans.ts';

type Country = IdentityType['defaultCountry'];
type Reader = (number: string) => string | undefined;

const readers = new Map<Country, Reader>();

/** A plain number in E.164. @param number bare digits, perhaps after a `+` */
export function readPlainPhone(number: string, country: Country): string | undefined {
  const read = readers.get(country) ?? readerOf(plainPhones(country));
  readers.set(country, read);
  return read(number);
}

function readerOf({ home, international }: PlainPhones): Reader {
  const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
  const isInternational = whole(international);
  const forms = home.map(({ pattern, unless, ...form }) => ({
    is: whole(pattern),
    isNot: unless === undefined ? undefined : whole(unless),
    ...form,
  }));
  return (number) => {
    const form = forms.find(({ is, isNot }) => is.test(number) && !isNot?.test(number));
    if (form) return `+${form.callingCode}${number.slice(form.prefixLength)}`;
    return isInternational.test(number) ? number : undefined;
  };
}

/** A phone's digits in DuckDB, after a `+` if one was written; NULL for all but a number in ASCII. */
export function barePhoneSql(expression: string): string {
  const text = `(${expression})::VARCHAR`;
  const plus = `CASE WHEN starts_with(${text}, '+') THEN '+' ELSE '' END`;
  return (
    `CASE WHEN ${isWhole(text, '\\+?[0-9]+')} THEN ${text} ` +
    `WHEN ${isWhole(text, WRITTEN_PHONE)} THEN ${plus} || ${digitsOf(text)} END`
  );
}

const WRITTEN_PHONE = '(\\+[ (]*|[ (./\\-]*)[0-9][0-9 ()./+\\-]*';

/**
 * `normalise` in DuckDB for plain phones; NULL for all else, which TypeScript has to look at.
 * @param bare a column of `barePhoneSql`, used more than once
 */
export function plainPhoneSql(bare: string, country: Country): string {
  const { home, international } = plainPhones(country);
  const abroad = `WHEN ${isWhole(bare, international)} THEN ${bare}`;
  return `CASE ${[...formsSql(bare, home), abroad].join(' ')} END`;
}

/** The same for numbers of this country alone: a few patterns, where compiling many takes too long. */
export function homePhoneSql(bare: string, country: Country): string {
  const forms = formsSql(bare, plainPhones(country).home);
  return forms.length > 0 ? `CASE ${forms.join(' ')} END` : 'NULL';
}

const formsSql = (bare: string, home: HomePhones[]): string[] =>
  home.map(
    ({ pattern, unless, callingCode, prefixLength }) =>
      `WHEN ${isWhole(bare, pattern)}${unless ? ` AND NOT ${isWhole(bare, unless)}` : ''} ` +
      `THEN '+${callingCode}' || substr(${bare}, ${prefixLength + 1})`,
  );

const isWhole = (text: string, pattern: string) => `regexp_full_match(${text}, ${quote(pattern)})`;
