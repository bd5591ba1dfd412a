import type { IdentityType } from './identity.ts';
import { digitsOf, quote } from './normalise-sql.ts';
import { type PlainPhones, plainPhones } from './phone-plans.ts';

type Country = IdentityType['defaultCountry'];
type Reader = (number: string) => string | undefined;

const readers = new Map<Country, Reader>();

/** A plain number in E.164. @param number bare digits, perhaps after a `+` */
export function readPlainPhone(number: string, country: Country): string | undefined {
  const read = readers.get(country) ?? readerOf(plainPhones(country));
  readers.set(country, read);
  return read(number);
}

function readerOf({ international, national }: PlainPhones): Reader {
  const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
  const isInternational = whole(international);
  const forms = national.map(({ pattern, unless, ...form }) => ({
    is: whole(pattern),
    isNot: whole(unless),
    ...form,
  }));
  return (number) => {
    if (isInternational.test(number)) return number;
    const form = forms.find(({ is, isNot }) => is.test(number) && !isNot.test(number));
    return form && `+${form.callingCode}${number.slice(form.prefixDigits)}`;
  };
}

/** The digits of a phone in DuckDB, after a `+` if one was written; NULL for all but one number in ASCII. */
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
  const { international, national } = plainPhones(country);
  const forms = national.map(
    ({ pattern, unless, callingCode, prefixDigits }) =>
      `WHEN ${isWhole(bare, pattern)} AND NOT ${isWhole(bare, unless)} ` +
      `THEN '+${callingCode}' || substr(${bare}, ${prefixDigits + 1})`,
  );
  return `CASE WHEN ${isWhole(bare, international)} THEN ${bare} ${forms.join(' ')} END`;
}

const isWhole = (text: string, pattern: string) => `regexp_full_match(${text}, ${quote(pattern)})`;
