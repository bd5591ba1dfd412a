import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { monotonicFactory } from 'ulid';

/** A mail that the system sent. */
export interface SentMail {
  /** 1, 2, …, in the order in which they were sent. */
  number: number;
  /** ISO 8601 UTC. */
  at: string;
  to: string;
  subject: string;
  text: string;
}

/** A folder of raw mails, whose names are in the order in which they came. */
export interface Mailbox {
  keep(raw: Buffer): void;
  /** Oldest first. */
  mails(): Promise<SentMail[]>;
}

export function openMailbox(folder: string): Mailbox {
  // Several within one millisecond, too, in their order.
  const nextName = monotonicFactory();
  mkdirSync(folder, { recursive: true });
  return {
    keep(raw) {
      const file = join(folder, `${nextName()}.eml`);
      writeFileSync(`${file}.part`, raw, { mode: 0o600 });
      renameSync(`${file}.part`, file);
    },
    async mails() {
      const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));
      return Promise.all(files.sort().map((file, at) => mailIn(join(folder, file), at + 1)));
    },
  };
}

async function mailIn(file: string, number: number): Promise<SentMail> {
  const {
    to = [],
    subject = '',
    text = '',
    date = '',
  } = await PostalMime.parse(readFileSync(file));
  return {
    number,
    at: date,
    to: to.map(({ address }) => address ?? '').join(', '),
    subject,
    text,
  };
}
