import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTransport } from 'nodemailer';
import { placeholderEmail } from './demo-data/demo-people.ts';
import type { Person } from './demo-data/person.ts';
import { customerOf } from './demo-data/population.ts';
import type { SentMail } from './mail/mailbox.ts';
import { until } from './patience.ts';
import { filesIn } from './read-zip.ts';
import type { RunningPlatform } from './running-platform.ts';
import { SetUpFailure } from './set-up-failure.ts';

const CANDIDATES = 20;
const FIRST = 21;

/** Somebody whom no run has exported yet, as long as there is one. */
export async function nextToRead({ desk }: RunningPlatform): Promise<Person> {
  const before = (await desk.list()).filter(({ kind }) => kind === 'access').length;
  const people = Array.from({ length: CANDIDATES }, (_, at) => customerOf(customerId(FIRST + at)));
  const withAddress = people.filter(
    (person) => person?.email !== undefined && person.email !== placeholderEmail,
  );
  const next = withAddress[before % withAddress.length];
  if (next) return next;
  throw new SetUpFailure(
    'The demo has no customer to be exported.',
    'Begin anew with: npm start -- --fresh',
  );
}

const customerId = (number: number) => `C-${String(number).padStart(6, '0')}`;

/** A mail from the tenant admin, through the door, as any mail program sends one. */
export async function mailTheDoor(
  { demo }: RunningPlatform,
  port: number,
  subject: string,
): Promise<void> {
  const { mailDoor, tenantAdmin } = demo.platform;
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    requireTLS: true,
    // The door's certificate is its own.
    tls: { rejectUnauthorized: false },
  });
  await transport.sendMail({ from: tenantAdmin.email, to: mailDoor?.address, subject, text: '' });
}

/** The newest mail about a request whose text matches, once it is in the mailbox. */
export const mailAbout = (mailboxUrl: string, words: RegExp, about = ''): Promise<SentMail> =>
  until(`a mail that says ${words}`, async () => {
    const answer = await fetch(new URL('mails.json', mailboxUrl));
    const mails = (await answer.json()) as SentMail[];
    return mails.findLast(
      ({ subject, text }) => words.test(text) && `${subject} ${text}`.includes(about),
    );
  });

export const pageIn = ({ text }: SentMail): string => found(text, /(https?:\/\/\S+)/);
export const codeIn = ({ text }: SentMail): string => found(text, /Code: (\S+)/);

function found(text: string, words: RegExp): string {
  const [, what] = words.exec(text) ?? [];
  if (what) return what;
  throw new SetUpFailure(`A mail says nothing like ${words}.`, 'See it: npm run dsr -- mailbox -1');
}

/** Types a code on its page, as a person does; answers the page that follows. */
export async function typeCode(page: string, form: Record<string, string>): Promise<string> {
  const answer = await fetch(page, { method: 'POST', body: new URLSearchParams(form) });
  const text = await answer.text();
  if (answer.ok) return text;
  throw new SetUpFailure(`The page did not take the code (${answer.status}).`, `Open it: ${page}`);
}

/** Downloads what a page offers, and unpacks it into a folder; answers names and texts. */
export async function download(page: string, folder: string): Promise<Record<string, string>> {
  const [, address = ''] = /class="button" href="([^"]+)"/.exec(page) ?? [];
  const answer = await fetch(address.replaceAll('&amp;', '&'));
  const files = await filesIn(Buffer.from(await answer.arrayBuffer()));
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
  }
  return files;
}
