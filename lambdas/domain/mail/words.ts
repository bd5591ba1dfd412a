/** Kinds of requests by the words that ask for them. */
export type WishKind = 'erasure' | 'access' | 'portability';

const word = (...alternatives: string[]): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'iu');

const ERASE = word(
  'delet(?:e|es|ed|ing|ion)',
  'eras(?:e|es|ed|ing|ure)',
  'remov(?:e|es|ed|ing|al)',
  'forget',
  'forgotten',
  '(?:zu)?(?:ge)?lösch\\p{L}*',
  '(?:zu)?(?:ge)?loesch\\p{L}*',
);
const EXPORT = word('export(?:s|ed|ing)?', 'exportier\\p{L}*');
const ACCESS = word('access', 'auskunft', 'art(?:icle|ikel|\\.)? ?15');
const PORTABILITY = word(
  'portab(?:le|ility)',
  '(?:daten)?übertragbarkeit',
  'art(?:icle|ikel|\\.)? ?20',
);
const USER = word('users?', 'benutzer(?:in)?', 'nutzer(?:in)?');
const CUSTOMER = word('customers?', 'kund(?:e|en|in)');
const NOT = word(
  "don'?t",
  'don’t',
  'not',
  'never',
  'no longer',
  'nicht',
  'nie',
  'keine?n?',
  'stop',
  'cancel',
);
const DENY = word(
  'deny',
  'denied',
  'reject(?:ed)?',
  'refuse[d]?',
  'decline[d]?',
  'ablehnen',
  'abgelehnt',
);

/** `export` alone says neither Article 15 nor 20. */
export type AskedKind = WishKind | 'export';

export function kindsIn(text: string): AskedKind[] {
  const kinds: AskedKind[] = [];
  if (ERASE.test(text)) kinds.push('erasure');
  if (PORTABILITY.test(text)) kinds.push('portability');
  if (ACCESS.test(text)) kinds.push('access');
  return kinds.some((kind) => kind !== 'erasure') || !EXPORT.test(text)
    ? kinds
    : [...kinds, 'export'];
}

/** Whom a line is about, where it says so. */
export const subjectKindIn = (text: string): 'customer' | 'user' | undefined =>
  CUSTOMER.test(text) ? 'customer' : USER.test(text) ? 'user' : undefined;

export const saysNot = (text: string): boolean => NOT.test(text);
export const saysDeny = (text: string): boolean => DENY.test(text);
