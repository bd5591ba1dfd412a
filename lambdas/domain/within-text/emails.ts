import { emailCase } from '../normalise.ts';
import { quote } from '../normalise-sql.ts';
import { characterAt, characterBefore, isLetterOrDigit } from './words.ts';

/** What stands around an `@` in ASCII: it ends where an address may end, or within one. */
const AROUND_AT = '[A-Za-z0-9._+\\-]*@[A-Za-z0-9.\\-]*';
const MARKS_BEFORE = '._+-';
const MARKS_AFTER = '.-';

/**
 * What an address and every text that it stands in have in common: lower-cased, the ASCII around
 * the `@`, without the marks at its ends.
 */
export const emailKeys = (text: string): string[] =>
  (text.match(new RegExp(AROUND_AT, 'g')) ?? []).map((found) =>
    found
      .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      .replace(/^[._+-]+/, '')
      .replace(/[.-]+$/, ''),
  );

/** The same in DuckDB, as a list. */
export const emailKeysSql = (text: string): string =>
  `list_transform(regexp_extract_all(${text}, ${quote(AROUND_AT)}), ` +
  `lambda found: rtrim(ltrim(lower(found), ${quote(MARKS_BEFORE)}), ${quote(MARKS_AFTER)}))`;

/** Whether a composed text names this very address: not `joanna@…` for `anna@…`, nor `….example.org`. */
export function standsAsEmail(text: string, value: string): boolean {
  const lower = emailCase(text);
  for (let at = lower.indexOf(value); at >= 0; at = lower.indexOf(value, at + 1)) {
    const before = characterBefore(lower, trimmedBefore(lower, at));
    const end = at + value.length;
    if (!isLetterOrDigit(before) && !goesOn(lower, end)) return true;
  }
  return false;
}

function trimmedBefore(text: string, at: number): number {
  let start = at;
  while (start > 0 && MARKS_BEFORE.includes(text.charAt(start - 1))) start--;
  return start;
}

function goesOn(text: string, end: number): boolean {
  let next = end;
  while (next < text.length && MARKS_AFTER.includes(text.charAt(next))) next++;
  return isLetterOrDigit(characterAt(text, next));
}
