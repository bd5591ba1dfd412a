import { type Command, Option } from 'commander';
import { OpenRequest } from '../../lambdas/domain/desk.ts';
import type { Identity } from '../../lambdas/domain/identity.ts';
import { askIdentities, atTerminal, readStandardInput } from '../ask.ts';
import { clockHere } from '../clock.ts';
import { type CommandError, usageError } from '../command-error.ts';
import { type IdentityFlags, identitiesFromFlags, identitiesFromText } from '../identities.ts';
import { parseReceivedAt } from '../received-at.ts';
import { renderOpened } from '../render/opened.ts';
import { renderPreview } from '../render/preview.ts';
import { type Reply, reply } from '../reply.ts';
import { answer, type Session } from '../session.ts';
import { watch } from '../watch.ts';

interface EraseOptions extends IdentityFlags {
  stdin?: boolean;
  reference?: string;
  receivedAt?: string;
  dryRun?: boolean;
  watch?: boolean;
  by?: string;
}

const many = (value: string, before: string[] = []) => [...before, value];

export function addErase(program: Command): void {
  program
    .command('erase')
    .summary('erase one person everywhere, and prove it')
    .description(
      'Opens a request to erase one person. All identities that you give mean the same person.\n' +
        'Flags show in process lists: leave them out to be asked without echo, or use --stdin.',
    )
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
    .addOption(
      new Option('--dry-run', 'tell what is held where, and start nothing').conflicts('watch'),
    )
    .option('--watch', 'follow the request until it is closed or waits for a person')
    .option('--by <id>', 'who opens it: an id, no name (default: your AWS identity)')
    .addHelpText(
      'after',
      `
Examples:
  dsr erase                                    asks, without echo
  dsr erase --customer-id C-1007 --dry-run     what would be found
  printf 'email=%s\\n' "$ADDRESS" | dsr erase --stdin --received-at 2026-11-02`,
    )
    .action((options: EraseOptions, command: Command) =>
      answer(command, (session) => erase(options, session)),
    );
}

async function erase(options: EraseOptions, session: Session): Promise<Reply> {
  const receivedAt =
    options.receivedAt === undefined ? undefined : parseReceivedAt(options.receivedAt, clockHere());
  const identities = await identitiesOf(options);
  return options.dryRun
    ? preview(identities, session)
    : open({ ...options, identities, ...(receivedAt && { receivedAt }) }, session);
}

async function identitiesOf(options: EraseOptions): Promise<Identity[]> {
  const flagged = identitiesFromFlags(options);
  if (options.stdin) return [...flagged, ...identitiesFromText(await readStandardInput())];
  if (flagged.length > 0) return flagged;
  if (atTerminal()) return askIdentities();
  throw usageError('Say who is meant: --email, --phone, --customer-id, --identity or --stdin.');
}

async function preview(identities: Identity[], { desk }: Session): Promise<Reply> {
  const report = await desk.preview({ identities });
  if (report.outcome === 'invalid') throw invalid(report.problems);
  return reply(report, renderPreview(report));
}

async function open(
  wish: EraseOptions & { identities: Identity[]; receivedAt?: string },
  { desk, screen, by }: Session,
): Promise<Reply> {
  const { identities, receivedAt, reference } = wish;
  const request = OpenRequest.safeParse({
    identities,
    by: await by(wish.by),
    ...(receivedAt === undefined ? {} : { receivedAt }),
    ...(reference === undefined ? {} : { reference }),
  });
  if (!request.success) {
    throw invalid(request.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`));
  }
  const opened = await desk.open(request.data);
  if (opened.outcome === 'invalid') throw invalid(opened.problems);
  const words = renderOpened(opened, clockHere());
  if (!wish.watch) return reply(opened, words);
  screen.say(words);
  return watch(desk, opened.requestId, screen, 2);
}

const invalid = (problems: string[]): CommandError =>
  usageError(`Nothing was started: ${problems.join('; ')}.`);
