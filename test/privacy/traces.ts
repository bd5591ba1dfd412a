import { readFileSync } from 'node:fs';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { everyMail } from '../emulator/sent-mails.ts';
import type { Trace } from './search.ts';
import { tracesInAws } from './traces-in-aws.ts';
import { tracesInBuckets } from './traces-in-buckets.ts';
import { tracesOfExecutions } from './traces-of-executions.ts';

/** Everything that the system has left anywhere. */
export async function* tracesOf(
  platform: RunningPlatform,
  logs: { emulator: string },
): AsyncGenerator<Trace> {
  const { connection, server } = platform;
  yield* tracesOfExecutions(connection);
  yield* tracesInAws(connection);
  yield* tracesInBuckets(connection);
  yield* mails(platform);
  yield { place: 'the statements in the log of PostgreSQL', text: statementsIn(server.log) };
  yield { place: 'the log of the emulator', text: readFileSync(logs.emulator, 'utf8') };
}

/** What it was asked. What it says of its own rows, where they do not fit its own view, is its own. */
const statementsIn = (log: string): string =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => !/ ERROR: /.test(line))
    .join('\n');

/** The one place outside where a person has to be named: what a recipient is told, in the body alone. */
export const TOLD = 'what a recipient is told';

async function* mails({ connection, demo }: RunningPlatform): AsyncGenerator<Trace> {
  const recipients = Object.values(demo.platform.recipients).map(({ email }) => email);
  for (const { BodyText, ...mail } of await everyMail(connection.endpoint)) {
    const place = `mail ${mail.Subject}`;
    const isToRecipient = mail.To.length === 1 && recipients.includes(mail.To[0] ?? '');
    yield { place: isToRecipient ? TOLD : place, text: BodyText };
    yield { place, text: JSON.stringify(mail) };
  }
}
