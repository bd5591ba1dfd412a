import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  Metadata,
} from 'libphonenumber-js/min';
import { PHONE_KEY_DIGITS } from './spelling.ts';

/**
 * Phone numbers that need no parser: so many digits of one numbering plan, from which nothing but
 * a known prefix is taken. Derived from libphonenumber's own metadata, for TypeScript and SQL
 * alike; what is not plain, SQL leaves to TypeScript, and TypeScript to the library.
 */
export interface PlainPhones {
  /** How people of one country write their own numbers: most of a source's. */
  home: HomePhones[];
  /** A pattern of `+` and digits, of any country: E.164 as it stands. */
  international: string;
}

/** Patterns match the whole of a number: bare digits, perhaps after a `+`. */
export interface HomePhones {
  pattern: string;
  /** What may mean something else, which the parser has to weigh. */
  unless?: string;
  callingCode: string;
  /** How many characters stand before the national number. */
  prefixLength: number;
}

/** Of the library's plan, what its types leave out. */
interface Plan {
  IDDPrefix(): string;
  nationalPrefixForParsing(): string | undefined;
  nationalNumberPattern(): string;
  possibleLengths(): number[];
}

const known = new Map<CountryCode | undefined, PlainPhones>();

/** @param country whose people leave out their calling code */
export function plainPhones(country: CountryCode | undefined): PlainPhones {
  const plain = known.get(country) ?? {
    home: country ? homePhones(country) : [],
    international: known.values().next().value?.international ?? internationalPhones(),
  };
  known.set(country, plain);
  return plain;
}

function internationalPhones(): string {
  const codesOf = new Map<string, string[]>();
  for (const callingCode of new Set(
    getCountries().map((country) => getCountryCallingCode(country)),
  )) {
    const number = numberAbroad(callingCode);
    if (number) codesOf.set(number, [...(codesOf.get(number) ?? []), callingCode]);
  }
  const numbers = [...codesOf].map(([number, codes]) => `(?:${codes.join('|')})${number}`);
  return `\\+(?:${numbers.join('|')})`;
}

/** What stands after a calling code, and begins with no prefix that would have to go. */
function numberAbroad(callingCode: string): string | undefined {
  const prefixes = literals(planOf(callingCode).nationalPrefixForParsing());
  return prefixes && numberIn(callingCode, prefixes);
}

function homePhones(country: CountryCode): HomePhones[] {
  const callingCode = getCountryCallingCode(country);
  const abroad = numberAbroad(callingCode);
  return [
    ...(abroad
      ? [
          {
            pattern: `\\+${callingCode}${abroad}`,
            callingCode,
            prefixLength: callingCode.length + 1,
          },
        ]
      : []),
    ...nationalPhones(country, callingCode),
  ];
}

function nationalPhones(country: CountryCode, callingCode: string): HomePhones[] {
  const plan = planOf(country);
  const exits = literals(plan.IDDPrefix());
  const prefixes = literals(plan.nationalPrefixForParsing());
  if (!exits || !prefixes) return [];
  const bare = {
    pattern: numberIn(callingCode, [...exits, ...prefixes]),
    unless: `${callingCode}[0-9]*`,
    prefixLength: 0,
  };
  const [prefix = '', ...others] = prefixes;
  // Two readings of the same first digits are the parser's to weigh.
  const isClear =
    prefix !== '' &&
    ![callingCode, ...others].some((other) => other[0] === prefix[0]) &&
    !exits.some((exit) => prefix.startsWith(exit));
  const inside = exits.filter((exit) => exit.startsWith(prefix));
  const number = numberIn(
    callingCode,
    inside.map((exit) => exit.slice(prefix.length)),
  );
  const prefixed = {
    pattern: isClear && number && `${prefix}${number}`,
    unless: plan.nationalNumberPattern(),
    prefixLength: prefix.length,
  };
  return [bare, prefixed].flatMap(({ pattern, ...form }) =>
    pattern ? [{ pattern, ...form, callingCode }] : [],
  );
}

/**
 * Numbers of a length that is possible in every country with this calling code, whichever it is,
 * and that do not begin like any of these.
 */
function numberIn(callingCode: string, beginnings: string[]): string | undefined {
  const countries = getCountries().filter(
    (country) => getCountryCallingCode(country) === callingCode,
  );
  const [first = [], ...others] = countries.map((country) => planOf(country).possibleLengths());
  const lengths = first.filter(
    (length) => length >= PHONE_KEY_DIGITS && others.every((those) => those.includes(length)),
  );
  const digits = [...'0123456789'].filter(
    (digit) => !beginnings.some(([first]) => first === digit),
  );
  if (lengths.length === 0 || digits.length === 0) return undefined;
  return `[${digits.join('')}](?:${timesIn(lengths.map((length) => length - 1))})`;
}

/** `[0-9]{4,11}|[0-9]{13}`: of these many digits. Ascending. */
function timesIn(counts: number[]): string {
  const ranges: [least: number, most: number][] = [];
  for (const count of counts) {
    const last = ranges.at(-1);
    if (last && last[1] === count - 1) last[1] = count;
    else ranges.push([count, count]);
  }
  return ranges.map(([least, most]) => `[0-9]{${least},${most}}`).join('|');
}

/** The texts that a pattern of alternatives matches; `undefined` for any other pattern. */
function literals(pattern: string | undefined): string[] | undefined {
  if (!pattern) return [];
  const texts = pattern.split('|');
  return texts.every((text) => /^[0-9]+$/.test(text)) ? texts : undefined;
}

/** @param code a country's, or a calling code, which the library takes for its main country */
function planOf(code: string): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(code as CountryCode);
  return metadata.numberingPlan as unknown as Plan;
}
