import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { corpusMail, fateOfMail } from './a-mail.ts';
import { EXPECTED } from './expected.ts';

const files = readdirSync(new URL('corpus', import.meta.url)).map((file) =>
  file.replace(/\.eml$/, ''),
);

describe('the fate of each message of the corpus', () => {
  it.each(Object.entries(EXPECTED))('%s', async (name, { fate, ...arrived }) => {
    expect(await fateOfMail(corpusMail(name), arrived)).toEqual(fate);
  });

  it('knows every message, and every message is there', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(files.sort());
  });
});
