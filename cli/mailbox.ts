import * as z from 'zod';
import { CommandError } from './command-error.ts';
import { readLocalRun } from './connection.ts';
import { LOCAL_RUN_FILE } from './session.ts';

const Mails = z.array(
  z.object({
    number: z.number(),
    at: z.string(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
  }),
);
export type MailboxMail = z.infer<typeof Mails>[number];

/** Oldest first. @throws CommandError when no npm start is running */
export async function readMailbox(): Promise<MailboxMail[]> {
  const url = readLocalRun(LOCAL_RUN_FILE)?.mailboxUrl;
  if (url === undefined)
    throw new CommandError(
      'fault',
      'There is a mailbox only while `npm start` runs. On AWS, mail goes to the people themselves.',
    );
  try {
    const answered = await fetch(new URL('mails.json', url));
    return Mails.parse(await answered.json());
  } catch (cause) {
    throw new CommandError('fault', `The mailbox at ${url} does not answer.`, {}, { cause });
  }
}
