import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { IdentityType, NormalForm } from './identity.ts';
import { readPlainPhone } from './plain-phone.ts';
import {
  AFTER_EMAIL,
  BEFORE_EMAIL,
  BLANK,
  NEWER_CAPITALS,
  PHONE_KEY_DIGITS,
  PHONE_PUNCTUATION,
  PHONE_TWINS,
  translate,
  trimEnd,
  trimStart,
} from './spelling.ts';

/**
 * The one definition of when two spellings are the same identity. `undefined`: no identity.
 * - `email`: case, blanks around, `<>` and the domain's last dot do not count; `+tags` do, and an
 *   internationalised domain differs from its `xn--` spelling.
 * - `phone`: E.164, without the extension; of a possible length, since number ranges change faster
 *   than any list of them.
 * - `text`: exact but for blanks around and the way accents are encoded.
 */
export function normalise(
  raw: string,
  { normalForm, defaultCountry }: Pick<IdentityType, 'normalForm' | 'defaultCountry'>,
): string | undefined {
  switch (normalForm) {
    case 'email':
      return normaliseEmail(raw);
    case 'phone':
      return normalisePhone(raw, defaultCountry);
    case 'text':
      return trimBlank(raw).normalize('NFC') || undefined;
    default:
      return normalForm satisfies never;
  }
}

/**
 * What every spelling of a normalised value has in common, so that SQL can look for candidates:
 * `normalise(raw) === value` implies `coarseKeySql(raw) = coarseKey(value)`.
 */
export function coarseKey(value: string, normalForm: NormalForm): string {
  switch (normalForm) {
    case 'email':
      return lowerAscii(afterLastNonAscii(trimEmail(value)));
    case 'phone':
      return (phoneNumberIn(value)?.digits ?? '').slice(-PHONE_KEY_DIGITS);
    case 'text':
      return afterLastNonAscii(trimBlank(value));
    default:
      return normalForm satisfies never;
  }
}

function normaliseEmail(raw: string): string | undefined {
  const address = emailCase(trimEmail(raw));
  return /^[^@ \t\n\v\f\r]+@[^@ \t\n\v\f\r]+$/.test(address) ? address : undefined;
}

function normalisePhone(raw: string, defaultCountry: IdentityType['defaultCountry']) {
  const written = phoneNumberIn(raw);
  if (!written) return undefined;
  const bare = written.plus + written.digits;
  const plain = readPlainPhone(bare, defaultCountry);
  if (plain !== undefined) return plain;
  const number = parsePhoneNumberFromString(bare, defaultCountry);
  return number?.isPossible() && number.nationalNumber.length >= PHONE_KEY_DIGITS
    ? number.number
    : undefined;
}

const FIRST_NUMBER = new RegExp(`[0-9][0-9${PHONE_PUNCTUATION.replace('-', '\\-')}]*`);

/** The first number in the text, as bare digits, and whether a plus stood before it. */
function phoneNumberIn(raw: string) {
  const text = /\P{ASCII}/u.test(raw) ? translate(raw, PHONE_TWINS) : raw;
  const found = FIRST_NUMBER.exec(text);
  if (!found) return undefined;
  const plus = /\+[ (]*$/.test(text.slice(0, found.index)) ? '+' : '';
  return { plus, digits: found[0].replace(/[^0-9]/g, '') };
}

const trimBlank = (text: string) => trimEnd(trimStart(text, BLANK), BLANK);
const trimEmail = (text: string) =>
  trimEnd(trimStart(text, BLANK + BEFORE_EMAIL), BLANK + AFTER_EMAIL);

// Letter by letter: as a whole, JavaScript would lower a sigma by its position in the word.
const lowerCase = (text: string) =>
  [...text].map((c) => (NEWER_CAPITALS.test(c) ? c : c.toLowerCase())).join('');

/** Addresses, and texts in which one is looked for, as they are compared. */
export const emailCase = (text: string): string => lowerCase(text.normalize('NFC'));

const lowerAscii = (text: string) => text.replace(/[A-Z]/g, (c) => c.toLowerCase());

/** Composition and case change letters beyond ASCII, and those before them; what follows, never. */
const afterLastNonAscii = (text: string) => text.replace(/^.*\P{ASCII}/su, '');
