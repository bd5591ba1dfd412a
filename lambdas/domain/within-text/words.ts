/* Ids as whole words of a text: what touches a letter or a digit is another word. */

const WORD = /[0-9A-Za-z]+/g;

/** ASCII only: they are the same in every composition of the letters around them. */
export const wordsIn = (text: string): string[] => text.match(WORD) ?? [];

export const LEAST_ID = { mixed: 4, other: 7 };

/**
 * Whether an id says enough to be looked for inside texts. `17` and `anna` stand in any text, and
 * would fail every proof; so would an id without a letter or digit of ASCII, which no key finds.
 */
export function isTelling(value: string): boolean {
  const mixed = /[0-9]/.test(value) && /[^0-9]/.test(value);
  return wordsIn(value).length > 0 && value.length >= (mixed ? LEAST_ID.mixed : LEAST_ID.other);
}

const BESIDE = /[\p{L}\p{N}\p{M}]/u;

/** Whether the value stands in a composed text as a whole word. */
export function standsAsWord(text: string, value: string): boolean {
  const [first = '', last = ''] = [[...value][0], [...value].at(-1)];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
    const [before, after] = [characterBefore(text, at), characterAt(text, at + value.length)];
    const begins = !BESIDE.test(before) || !BESIDE.test(first);
    const ends = !BESIDE.test(after) || !BESIDE.test(last);
    if (begins && ends) return true;
  }
  return false;
}

export const isLetterOrDigit = (character: string): boolean => BESIDE.test(character);

export const characterAt = (text: string, at: number): string => {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
};

export const characterBefore = (text: string, at: number): string =>
  at === 0 ? '' : ([...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '');

/** For each value one of its words, which as few as possible share, so that a hit says much. */
export function anchors(values: string[]): Map<string, string> {
  const uses = new Map<string, number>();
  for (const value of values)
    for (const word of new Set(wordsIn(value))) uses.set(word, (uses.get(word) ?? 0) + 1);
  const rank = (word: string) => (uses.get(word) ?? 0) * 1000 - Math.min(word.length, 999);
  return new Map(
    values.map((value) => {
      const [best = ''] = wordsIn(value).sort((a, b) => rank(a) - rank(b));
      return [value, best];
    }),
  );
}
