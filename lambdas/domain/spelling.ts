/** Characters that spell the same identity in several ways. Both normalise.ts and its SQL use them. */

const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('');

/** White space and invisible marks, which exports leave at the ends of a value. */
export const BLANK_ASCII = ' \t\n\v\f\r';
export const BLANK =
  BLANK_ASCII +
  '\u0085\u00a0\u1680\u180e\u3000\ufeff' +
  from(0x2000, 0x200f) +
  from(0x2028, 0x202f) +
  from(0x205f, 0x2069);

/** What may stand around an e-mail address: `<anna@example.com>.` */
export const BEFORE_EMAIL = '<';
export const AFTER_EMAIL = '>.';

/** The only characters beyond ASCII whose composed form (NFC) is ASCII: Kelvin sign, `;`, backtick. */
export const ASCII_TWINS = { from: '\u212a\u037e\u1fef', to: 'K;`' };

/** Letters whose lower case is newer than the Unicode of the pinned DuckDB: left as they are. */
export const NEWER_CAPITALS =
  /[\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u;

/** Full-width, Arabic-Indic and Persian digits, and the full-width plus. */
export const PHONE_TWINS = {
  from: `${from(0xff10, 0xff19)}${from(0x660, 0x669)}${from(0x6f0, 0x6f9)}\uff0b`,
  to: '012345678901234567890123456789+',
};

/** What people write between the digits of one number; anything else ends it (an extension does). */
export const PHONE_PUNCTUATION_ASCII = ' ()+./-';
export const PHONE_PUNCTUATION = `${PHONE_PUNCTUATION_ASCII}\t\u00a0\u00ad\u3000\uff08\uff09\uff0d\uff0e\uff0f\u2212\ufeff${from(0x2000, 0x2015)}${from(0x202a, 0x202f)}${from(0x2060, 0x2069)}`;

/** Digits of a phone's coarse key. National numbers with fewer (two Pacific islands) are no identity. */
export const PHONE_KEY_DIGITS = 5;

/** `translate` as SQL has it. */
export function translate(text: string, twins: { from: string; to: string }): string {
  return [...text].map((c) => twins.to[twins.from.indexOf(c)] ?? c).join('');
}

/** `ltrim` and `rtrim` with a set of characters, as SQL has them. */
export function trimStart(text: string, blanks: string): string {
  let start = 0;
  while (start < text.length && blanks.includes(text.charAt(start))) start++;
  return text.slice(start);
}
export function trimEnd(text: string, blanks: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
