import type { Command } from 'commander';
import { OpenRequest, type RequestWish } from '../lambdas/domain/desk.ts';
import type { Identity } from '../lambdas/domain/identity.ts';
import { askIdentities, atTerminal, readStandardInput } from './ask.ts';
import { clockHere } from './clock.ts';
import { type CommandError, usageError } from './command-error.ts';
import { type IdentityFlags, identitiesFromFlags, identitiesFromText } from './identities.ts';
import { parseReceivedAt } from './received-at.ts';
import { renderOpened } from './render/opened.ts';
import { type Reply, reply } from './reply.ts';
import type { Session } from './session.ts';
import { watch } from './watch.ts';

/** What every command takes that opens a request. */
export interface OpeningOptions extends IdentityFlags {
  stdin?: boolean;
  reference?: string;
  receivedAt?: string;
  watch?: boolean;
  by?: string;
}

const many = (value: string, before: string[] = []) => [...before, value];

export const withOpeningOptions = (command: Command): Command =>
  command
    .option('--email <address>', 'an e-mail address (repeatable)', many)
    .option('--phone <number>', 'a phone number (repeatable)', many)
    .option('--customer-id <id>', 'a customer id (repeatable)', many)
    .option('--identity <type=value>', 'an identity of any other type (repeatable)', many)
    .option('--stdin', 'read identities from standard input: lines type=value, or JSON')
    .option('--reference <text>', 'your own reference; kept encrypted')
    .option(
      '--received-at <when>',
      'when the request reached you; a day alone means its start in your time zone (default: now)',
    )
    .option('--watch', 'follow the request until it is closed or waits for a person')
    .option('--by <id>', 'who opens it: an id, no name (default: your AWS identity)');

/** From flags, from standard input, or asked without echo. */
export async function identitiesOf(options: OpeningOptions): Promise<Identity[]> {
  const flagged = identitiesFromFlags(options);
  if (options.stdin) return [...flagged, ...identitiesFromText(await readStandardInput())];
  if (flagged.length > 0) return flagged;
  if (atTerminal()) return askIdentities();
  throw usageError('Say who is meant: --email, --phone, --customer-id, --identity or --stdin.');
}

/** Opens a request for whoever the options name, and follows it if they say so. */
export async function openFrom(
  options: OpeningOptions,
  about: Pick<RequestWish, 'kind' | 'subjectKind'>,
  { desk, screen, by }: Session,
): Promise<Reply> {
  const { reference } = options;
  const receivedAt =
    options.receivedAt === undefined ? undefined : parseReceivedAt(options.receivedAt, clockHere());
  const request = OpenRequest.safeParse({
    ...about,
    identities: await identitiesOf(options),
    by: await by(options.by),
    ...(receivedAt === undefined ? {} : { receivedAt }),
    ...(reference === undefined ? {} : { reference }),
  });
  if (!request.success) {
    throw invalid(request.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  }
  const opened = await desk.open(request.data);
  if (opened.outcome === 'invalid') throw invalid(opened.problems);
  const words = renderOpened(opened, clockHere());
  if (!options.watch) return reply(opened, words);
  screen.say(words);
  return watch(desk, opened.requestId, screen, 2);
}

export const invalid = (problems: string[]): CommandError =>
  usageError(`Nothing was started: ${problems.join('; ')}.`);
