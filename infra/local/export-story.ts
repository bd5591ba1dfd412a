import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { placeholderEmail } from './demo-data/demo-people.ts';
import type { Person } from './demo-data/person.ts';
import { customerOf } from './demo-data/population.ts';
import { downloadIn, submit } from './loop-pages.ts';
import type { SentMail } from './mail/mailbox.ts';
import { readMailbox, sendTo } from './mail/writing.ts';
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

/** A mail from the tenant admin, through the door. */
export function mailTheDoor(
  { demo }: RunningPlatform,
  port: number,
  subject: string,
): Promise<void> {
  const { mailDoor, tenantAdmin } = demo.platform;
  return sendTo({ port }, { from: tenantAdmin.email, to: mailDoor?.address, subject, text: '' });
}

/** The newest mail about a request whose text matches, once it is in the mailbox. */
export const mailAbout = (
  mailboxUrl: string,
  words: RegExp,
  about = '',
  address = '',
): Promise<SentMail> =>
  until(`a mail that says ${words}`, async () => {
    const mails = await readMailbox(mailboxUrl);
    return mails.findLast(
      ({ to, subject, text }) =>
        words.test(text) && `${subject} ${text}`.includes(about) && to.includes(address),
    );
  });

/** Types a code on its page, as a person does; answers the page that follows. */
export async function typeCode(page: string, form: Record<string, string>): Promise<string> {
  const answer = await submit(page, form);
  const text = await answer.text();
  if (answer.ok) return text;
  throw new SetUpFailure(`The page did not take the code (${answer.status}).`, `Open it: ${page}`);
}

/** Downloads what a page offers, and unpacks it into a folder; answers its files by their paths. */
export async function download(page: string, folder: string): Promise<Map<string, Buffer>> {
  const answer = await fetch(downloadIn(page));
  const files = await filesIn(Buffer.from(await answer.arrayBuffer()));
  for (const [name, bytes] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, bytes, { mode: 0o600 });
  }
  return files;
}
