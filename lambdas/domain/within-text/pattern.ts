import { ASCII_TWINS } from '../spelling.ts';
import { CODED_PATTERN } from './escapes.ts';
import { PHONE_PATTERN } from './phones.ts';
import type { WantedWithin } from './wanted.ts';

const MOST_SHAPES = 12;
const LETTER_OR_DIGIT = '0-9A-Za-z';

/**
 * A regular expression that every text matches in which one of them may stand. It says how ids are
 * built (`[A-Za-z]{1}-[0-9]{6}`), and nothing of any of them.
 */
export function patternOf(wanted: WantedWithin): string {
  const ids = wanted.ids;
  return [
    CODED_PATTERN,
    ...(wanted.has('email') ? ['@'] : []),
    ...(wanted.has('phone') ? [PHONE_PATTERN] : []),
    ...(ids.length > 0
      ? [
          `(?:^|[^${LETTER_OR_DIGIT}])(?:${shapesOf(ids)})(?:[^${LETTER_OR_DIGIT}]|$)`,
          // What becomes ASCII when it is composed.
          `[${ASCII_TWINS.from}]`,
        ]
      : []),
    // An accent may be written behind its letter, and makes other words.
    ...(ids.some((id) => /\P{ASCII}/u.test(id)) ? ['[^\\x00-\\x7f]'] : []),
  ].join('|');
}

type Word = { class: 'digits' | 'letters' | 'mixed'; least: number; most: number };

const CLASSES = { digits: '0-9', letters: 'A-Za-z', mixed: LETTER_OR_DIGIT };

function shapesOf(ids: string[]): string {
  const shapes = new Map<string, Word[]>();
  for (const id of ids) {
    const marks = id.split(/[0-9A-Za-z]+/);
    const key = JSON.stringify([marks.slice(1, -1), marks[0], marks.at(-1)]);
    const words = (id.match(/[0-9A-Za-z]+/g) ?? []).map(wordOf);
    const known = shapes.get(key);
    shapes.set(key, known ? known.map((word, at) => widened(word, words[at])) : words);
  }
  if (shapes.size > MOST_SHAPES) return `[${LETTER_OR_DIGIT}]+`;
  return [...shapes]
    .map(([key, words]) => {
      const [between] = JSON.parse(key) as [string[]];
      return words
        .map(
          (word, at) =>
            `${inPattern(word)}${at < between.length ? escaped(between[at] ?? '') : ''}`,
        )
        .join('');
    })
    .join('|');
}

const wordOf = (word: string): Word => ({
  class: /^[0-9]+$/.test(word) ? 'digits' : /^[A-Za-z]+$/.test(word) ? 'letters' : 'mixed',
  least: word.length,
  most: word.length,
});

const widened = (word: Word, other: Word = word): Word => ({
  class: word.class === other.class ? word.class : 'mixed',
  least: Math.min(word.least, other.least),
  most: Math.max(word.most, other.most),
});

const inPattern = ({ class: name, least, most }: Word) =>
  // RE2 counts to a thousand, and large counts make large machines.
  `[${CLASSES[name]}]{${Math.min(least, 40)}${most > 40 ? ',' : `,${most}`}}`;

const escaped = (marks: string) => marks.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
