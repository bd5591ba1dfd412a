import fc from 'fast-check';

/** Strings rich in what breaks: blanks, marks, capitals beyond ASCII, digits of other scripts. */
export const troublesome = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...' \t@.<>+-()xX;,/#',
        '\u00a0',
        '\ufeff',
        '\u0301',
        '\u0308',
        '\u0338',
        '\u212a',
        '\u0130',
        '\u03a3',
        '\u00df',
        '\u1fef',
        '\u037e',
        '\u0663',
        '\uff13',
        '\u2011',
      ),
      fc.constantFrom(...'aAeEiIkKzZ0123456789'),
      fc.string({ unit: 'binary', maxLength: 1 }).filter((c) => c !== '\u0000'),
    ),
    { maxLength: 16 },
  )
  .map((characters) => characters.join(''));

/** Raw values of every type with trouble in them; thousands of them mean somebody in each type. */
export const troubledValues = () =>
  fc
    .sample(troublesome, 2000)
    .flatMap((text) => [
      text,
      `${text}@${text}`,
      `a${text}@example.org`,
      `+49 30 ${text} 12345${text}`,
    ]);
