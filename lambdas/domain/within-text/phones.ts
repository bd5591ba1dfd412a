import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { IdentityType } from '../identity.ts';
import { normalise } from '../normalise.ts';
import { quote } from '../normalise-sql.ts';
import { PHONE_PUNCTUATION, PHONE_TWINS, translate } from '../spelling.ts';

/** Fewer national digits stand in any text. */
export const LEAST_PHONE_DIGITS = 7;
/** Digits of a key: in no plan does a prefix reach into the last six of so long a number. */
const KEY_DIGITS = 6;
const MOST_DIGITS = 18;

const BETWEEN = PHONE_PUNCTUATION.replace('-', '\\-');
const RUN = `[0-9](?:[${BETWEEN}]*[0-9]){${LEAST_PHONE_DIGITS - 1},}`;

/** What a regular expression finds in every text that names a phone. */
export const PHONE_PATTERN =
  `(?:^|[^0-9A-Za-z])[0-9](?:[${BETWEEN}]*[0-9]){${LEAST_PHONE_DIGITS - 1},}|` +
  `[\\x{660}-\\x{669}\\x{6f0}-\\x{6f9}\\x{ff10}-\\x{ff19}]`;

/** @param value in E.164 */
export const isTellingPhone = (value: string): boolean =>
  (parsePhoneNumberFromString(value)?.nationalNumber.length ?? 0) >= LEAST_PHONE_DIGITS;

export const phoneKey = (value: string): string => value.slice(-KEY_DIGITS);

/** The last digits before each place at which a number may end. */
export const phoneKeys = (text: string): string[] =>
  runsIn(text).flatMap((run) =>
    run.map((_, end) =>
      run
        .slice(Math.max(0, end + 1 - KEY_DIGITS), end + 1)
        .map(({ digits }) => digits)
        .join('')
        .slice(-KEY_DIGITS),
    ),
  );

/** The same in DuckDB, as a list. */
export function phoneKeysSql(text: string): string {
  const folded =
    `CASE WHEN strlen(${text}) = length(${text}) THEN ${text} ` +
    `ELSE translate(${text}, ${quote(PHONE_TWINS.from)}, ${quote(PHONE_TWINS.to)}) END`;
  const groups = `list_transform(regexp_extract_all(${folded}, ${quote(RUN)}), lambda run: regexp_extract_all(run, '[0-9]+'))`;
  return (
    `flatten(list_transform(${groups}, lambda digits: list_transform(digits, lambda one, place: ` +
    `right(array_to_string(digits[greatest(1, place - ${KEY_DIGITS - 1}):place], ''), ${KEY_DIGITS}))))`
  );
}

/** Digits that stand together, what stands before them, and whether they touch a letter there. */
interface Group {
  digits: string;
  before: string;
  touches: boolean;
}

function runsIn(text: string): Group[][] {
  const folded = /\P{ASCII}/u.test(text) ? translate(text, PHONE_TWINS) : text;
  return [...folded.matchAll(new RegExp(RUN, 'g'))].map((run) => {
    const opening = folded.slice(Math.max(0, run.index - 4), run.index);
    const groups = [...run[0].matchAll(/([^0-9]*)([0-9]+)/g)];
    return groups.map(([, before = '', digits = ''], at) => ({
      digits,
      before: at === 0 ? opening : before,
      touches: at === 0 && /[0-9A-Za-z]$/.test(opening),
    }));
  });
}

/** Whether a text names this number, in any spelling and beside others. */
export function standsAsPhone(text: string, value: string, type: IdentityType): boolean {
  const key = phoneKey(value);
  return runsIn(text).some((run) =>
    run.some((_, start) => {
      if (!mayStart(run, start)) return false;
      const whole = spelled(run, start, run.length - 1);
      const isNumber = whole !== undefined && normalise(whole, type) !== undefined;
      return run.some((_, end) => {
        if (end < start || (isNumber && !mayEnd(run, end))) return false;
        const written = spelled(run, start, end);
        return (
          written?.replace(/[^0-9]/g, '').endsWith(key) === true &&
          normalise(written, type) === value
        );
      });
    }),
  );
}

function spelled(run: Group[], start: number, end: number): string | undefined {
  const groups = run.slice(start, Math.min(end + 1, start + MOST_DIGITS + 1));
  const digits = groups.map((group) => group.digits).join('');
  if (digits.length > MOST_DIGITS) return undefined;
  return `${hasPlus(run[start]) ? '+' : ''}${digits}`;
}

const hasPlus = (group: Group | undefined) => /\+[ (]*$/.test(group?.before ?? '');
const isApart = (group: Group) => /[\t\n]|\s{2}|\s[-–—/]\s/.test(group.before);

/** A number in a row of others begins where a plus, a trunk prefix or a wide gap says so. */
function mayStart(run: Group[], start: number): boolean {
  const group = run[start];
  if (!group || group.touches) return false;
  if (start === 0 || hasPlus(group) || isApart(group)) return true;
  if (/^0[0-9]{2}/.test(group.digits)) return true;
  // `+43 664 1234567` holds no `664 1234567` of another country.
  const earlier = run.slice(0, start);
  const opened = earlier.findLast((one, at) => at === 0 || hasPlus(one) || isApart(one));
  return opened !== undefined && !hasPlus(opened) && !/^0/.test(opened.digits);
}

/** Where all digits together are a number, a shorter one is another's, but for a count after it. */
function mayEnd(run: Group[], end: number): boolean {
  const [next, ...others] = run.slice(end + 1);
  if (!next || hasPlus(next) || isApart(next)) return true;
  const isCount = others.length === 0 && next.digits.length <= 2 && /^\s+$/.test(next.before);
  return isCount && (run[end]?.digits.length ?? 0) >= 4;
}
