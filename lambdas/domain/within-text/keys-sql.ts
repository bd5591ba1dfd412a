import { quote } from '../normalise-sql.ts';
import { BLANK } from '../spelling.ts';
import { emailKeysSql } from './emails.ts';
import { phoneKeysSql } from './phones.ts';
import { BETWEEN_ELEMENTS, KIND_OF_KEY, type WantedWithin } from './wanted.ts';

/**
 * Keys of everything in a text that looks like one of the wanted, as a list in DuckDB:
 * `wanted.findIn(text)` names an identity only where this has its key.
 * @param reading of `readingsSql`
 */
export function keysWithinSql(wanted: WantedWithin, reading: string): string {
  const lists = [
    ...(wanted.has('email')
      ? [`CASE WHEN contains(${reading}, '@') THEN ${asKeys('email', emailKeysSql(reading))} END`]
      : []),
    ...(wanted.has('phone') ? [asKeys('phone', phoneKeysSql(reading))] : []),
    ...(wanted.has('word')
      ? [asKeys('word', `regexp_extract_all(${reading}, '[0-9A-Za-z]+')`)]
      : []),
  ];
  return lists.reduce((all, list) => `list_concat(${all}, ${list})`, 'CAST([] AS VARCHAR[])');
}

/** As `String.trim` does: `trim` of SQL takes blanks alone. */
export const trimmedSql = (text: string): string => `trim(${text}, ${quote(BLANK)})`;

/** Keys of whole values: of a text, or of each element of a list. */
export const wholeKeysSql = (reading: string): string =>
  asKeys(
    'whole',
    `list_transform(string_split(${reading}, ${quote(BETWEEN_ELEMENTS)}), lambda one: ${trimmedSql('one')})`,
  );

const asKeys = (kind: keyof typeof KIND_OF_KEY, list: string) =>
  `list_transform(${list}, lambda one: ${quote(KIND_OF_KEY[kind])} || one)`;
