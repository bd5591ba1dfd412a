import { setTimeout } from 'node:timers/promises';
import { SetUpFailure } from './set-up-failure.ts';

/* What a person does with the mails and pages of the confirmation loop, done by a program. */

/** The address of the page that a mail names. */
export const pageIn = (text: string): string => found(text, /(https?:\/\/\S+)/);
export const codeIn = (text: string): string => found(text, /Code: (\S+)/);

function found(text: string, words: RegExp): string {
  const [, what] = words.exec(text) ?? [];
  if (what) return what;
  throw new SetUpFailure(`A mail says nothing like ${words}.`, 'See it: npm run dsr -- mailbox -1');
}

/** Sends a page's form, as a browser does. */
export const submit = (page: string, form: Record<string, string>): Promise<Response> =>
  visit(page, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

/**
 * The emulator runs so many functions at a time, and says 429 for one more: then nobody has seen
 * the request, and it is made again, as people do. No page says 429 itself.
 */
export async function visit(page: string, how: RequestInit = {}): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(page, how);
    if (answer.status !== 429 || tries === 240) return answer;
    await setTimeout(500);
  }
}

/** The address of the download that a page gives; empty where it gives none. */
export const downloadIn = (page: string): string => {
  const [, address = ''] = /class="button" href="([^"]+)"/.exec(page) ?? [];
  return address.replaceAll('&amp;', '&');
};
