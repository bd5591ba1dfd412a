import { quote } from '../normalise-sql.ts';
import { PHONE_PUNCTUATION } from '../spelling.ts';

/*
 * How identities are written inside JSON, URLs and HTML. What else encodes a text (base64,
 * encryption, a second round of percent-encoding) hides what is in it.
 */

const CODED = /%[0-9A-Fa-f]{2}|\\|&#|&commat;/;

/** The text as it stands, and as it reads where something in it is escaped. Composed (NFC). */
export function readings(text: string): string[] {
  const composed = text.normalize('NFC');
  return CODED.test(composed) ? [composed, unescaped(composed).normalize('NFC')] : [composed];
}

const unescaped = (text: string): string => percentDecoded(jsonUnescaped(htmlUnescaped(text)));

const htmlUnescaped = (text: string) =>
  text.replace(/&#(?:64|x40);|&commat;/gi, '@').replace(/&#(?:43|x2b);/gi, '+');

/** However deeply JSON stands in JSON. */
const jsonUnescaped = (text: string) =>
  text
    .replace(/\\+u0040/gi, '@')
    .replace(/\\+u002b/gi, '+')
    .replace(/\\+u[0-9a-f]{4}/gi, (code) => escapedAs(code.slice(-4)))
    .replace(/\\+[nrtbf]/g, ' ')
    .replace(/\\+/g, '');

/** No letter of ASCII is ever escaped, and what composes with one is not looked for. */
function escapedAs(hex: string): string {
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  return /[\0-\x7f\p{M}]/u.test(character) ? '\u0001' : character;
}

function percentDecoded(text: string): string {
  const bytes = Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return text.replaceAll('%40', '@');
  }
}

/** What a regular expression finds in every text in which something is escaped. */
export const CODED_PATTERN = '%[0-9A-Fa-f][0-9A-Fa-f]|\\\\|&#|&commat;';

const BETWEEN_DIGITS = [...PHONE_PUNCTUATION]
  .filter((character) => character > '\x7f')
  .map((character) => character.charCodeAt(0).toString(16).padStart(4, '0'));

/** All readings of a text behind one another, in DuckDB. */
export function readingsSql(text: string): string {
  const composed = `CASE WHEN strlen(${text}) = length(${text}) THEN ${text} ELSE nfc_normalize(${text}) END`;
  const html = replaced(
    replaced(composed, '(?i)&#(?:64|x40);|&commat;', '@'),
    '(?i)&#(?:43|x2b);',
    '+',
  );
  const json = [
    ['(?i)\\\\+u0040', '@'],
    ['(?i)\\\\+u002b', '+'],
    // Digits, pluses and what may stand between digits, as in `+49\\u00a0171`.
    ['(?i)\\\\+u(?:ff1|066|06f)([0-9])', '\\1'],
    ['(?i)\\\\+uff0b', '+'],
    [`(?i)\\\\+u(?:${BETWEEN_DIGITS.join('|')})`, ' '],
    // Of other characters, it is enough that they end what stands beside them.
    ['(?i)\\\\+u00[0-7][0-9a-f]', '\u0001'],
    ['(?i)\\\\+u[0-9a-f]{4}', '\u00b7'],
    ['\\\\+[nrtbf]', ' '],
    ['\\\\+', ''],
  ].reduce((sql, [pattern = '', by = '']) => replaced(sql, pattern, by), html);
  return (
    `CASE WHEN regexp_matches(${text}, ${quote(CODED_PATTERN)}) ` +
    `THEN concat(${composed}, chr(31), coalesce(TRY(nfc_normalize(url_decode(${json}))), replace(${json}, '%40', '@'))) ` +
    `ELSE ${composed} END`
  );
}

const replaced = (sql: string, pattern: string, by: string) =>
  `regexp_replace(${sql}, ${quote(pattern)}, ${by === '\u0001' ? 'chr(1)' : quote(by)}, 'g')`;
