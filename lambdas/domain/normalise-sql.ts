import type { NormalForm } from './identity.ts';
import {
  AFTER_EMAIL,
  ASCII_TWINS,
  BEFORE_EMAIL,
  BLANK,
  BLANK_ASCII,
  PHONE_KEY_DIGITS,
  PHONE_PUNCTUATION,
  PHONE_PUNCTUATION_ASCII,
  PHONE_TWINS,
} from './spelling.ts';

export type Dialect = 'duckdb' | 'postgres';

/**
 * `coarseKey` over a raw column (any expression; a PostgreSQL database must be encoded in UTF8).
 * NULL stays NULL. ASCII values meet no regular expression.
 */
export function coarseKeySql(form: NormalForm, expression: string, dialect: Dialect): string {
  if (dialect === 'postgres') return anyKeySql(form, `(${expression})::text COLLATE "C"`, dialect);
  const text = `(${expression})::VARCHAR`;
  const { is, key } = CLEAN[form];
  // Nearly all values are clean; seeing that costs a third of trimming and translating them.
  return choose(is(text), key(text), { otherwise: anyKeySql(form, text, dialect) });
}

/**
 * ASCII that nothing is trimmed from, and numbers whose last digits stand together. Of all that
 * DuckDB offers, comparisons and `suffix` are the cheapest by far: this is asked of every value.
 */
const CLEAN: Record<NormalForm, { is(text: string): string; key(text: string): string }> = {
  email: {
    is: (text) =>
      `${text} >= '!' AND NOT (${text} >= '<' AND ${text} < '=') ` +
      `AND ${isAscii(text, 'duckdb')} AND ${endsInNone(text, BLANK_ASCII + AFTER_EMAIL)}`,
    key: (text) => `lower(${text})`,
  },
  phone: {
    is: (text) =>
      `regexp_full_match(${text}, ${quote(`[0-9${PHONE_PUNCTUATION_ASCII.replace('-', '\\-')}]*[0-9]{${PHONE_KEY_DIGITS}}`)})`,
    key: (text) => `substr(${text}, -${PHONE_KEY_DIGITS})`,
  },
  text: {
    is: (text) =>
      `${text} >= '!' AND ${isAscii(text, 'duckdb')} AND ${endsInNone(text, BLANK_ASCII)}`,
    key: (text) => text,
  },
};

const endsInNone = (text: string, characters: string) =>
  `NOT (${[...characters].map((character) => `suffix(${text}, ${quote(character)})`).join(' OR ')})`;

function anyKeySql(form: NormalForm, text: string, dialect: Dialect): string {
  switch (form) {
    case 'email':
      return choose(isAscii(text, dialect), `lower(${trimEmail(text, BLANK_ASCII)})`, {
        otherwise: `lower(${afterLastNonAscii(trimEmail(text, BLANK))})`,
      });
    case 'phone':
      return `right(${choose(isPlainPhone(text), digitsOf(text), { otherwise: digitsOfFirstNumber(text, dialect) })}, ${PHONE_KEY_DIGITS})`;
    case 'text':
      return choose(isAscii(text, dialect), trim(text, BLANK_ASCII), {
        otherwise: afterLastNonAscii(trim(text, BLANK)),
      });
    default:
      return form satisfies never;
  }
}

/** `normalise` in DuckDB, exact for every input; NULL for no identity. `undefined`: SQL cannot. */
export function normaliseSql(form: NormalForm, expression: string): string | undefined {
  const text = `(${expression})::VARCHAR`;
  switch (form) {
    case 'email': {
      const address = choose(isAscii(text, 'duckdb'), `lower(${trimEmail(text, BLANK_ASCII)})`, {
        otherwise: `lower(replace(nfc_normalize(${trimEmail(text, BLANK)}), '\u0130', 'i\u0307'))`,
      });
      const word = `[^@${BLANK_ASCII}]+`;
      return `CASE WHEN regexp_full_match(${address}, ${quote(`${word}@${word}`)}) THEN ${address} END`;
    }
    case 'text':
      return `nullif(${choose(isAscii(text, 'duckdb'), trim(text, BLANK_ASCII), {
        otherwise: `nfc_normalize(${trim(text, BLANK)})`,
      })}, '')`;
    case 'phone':
      return undefined;
    default:
      return form satisfies never;
  }
}

export const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

const choose = (condition: string, then: string, { otherwise }: { otherwise: string }) =>
  `CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END`;

const isAscii = (text: string, dialect: Dialect) =>
  `${dialect === 'duckdb' ? 'strlen' : 'octet_length'}(${text}) = length(${text})`;

const trim = (text: string, blanks: string) =>
  `rtrim(ltrim(${text}, ${quote(blanks)}), ${quote(blanks)})`;

const trimEmail = (text: string, blanks: string) =>
  `rtrim(ltrim(${text}, ${quote(blanks + BEFORE_EMAIL)}), ${quote(blanks + AFTER_EMAIL)})`;

const translateSql = (text: string, { from, to }: { from: string; to: string }) =>
  `translate(${text}, ${quote(from)}, ${quote(to)})`;

const afterLastNonAscii = (text: string) =>
  `regexp_replace(${translateSql(text, ASCII_TWINS)}, '(?s)^.*[^\\x01-\\x7f]', '')`;

const isPlainPhone = (text: string) =>
  `translate(${text}, ${quote(`0123456789${PHONE_PUNCTUATION_ASCII}`)}, '') = ''`;

export const digitsOf = (text: string) =>
  `translate(${text}, ${quote(PHONE_PUNCTUATION_ASCII)}, '')`;

function digitsOfFirstNumber(text: string, dialect: Dialect): string {
  const number = quote(`[0-9][0-9${PHONE_PUNCTUATION.replace('-', '\\-')}]*`);
  const folded = translateSql(text, PHONE_TWINS);
  const found =
    dialect === 'duckdb'
      ? `regexp_extract(${folded}, ${number})`
      : `coalesce(substring(${folded} from ${number}), CASE WHEN ${text} IS NOT NULL THEN '' END)`;
  return `regexp_replace(${found}, '[^0-9]', '', 'g')`;
}
