import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Disclosure } from '../../lambdas/domain/desk.ts';
import { askToGoOn, atTerminal } from '../ask.ts';
import { clockHere } from '../clock.ts';
import { EXIT } from '../exit-codes.ts';
import { adminNotice } from '../render/admin.ts';
import { renderDisclosure, renderFaults } from '../render/disclosure.ts';
import { stoppedNotice } from '../render/lines.ts';
import { renderRequestList } from '../render/request-list.ts';
import { renderStatus } from '../render/status.ts';
import { noSuchRequest, type Reply, reply, withNotice } from '../reply.ts';
import { answer, parseDisclosed, parseRequestId, type Session } from '../session.ts';
import { watch } from '../watch.ts';
import { DSR } from '../words.ts';

/** The commands that read requests, and change nothing. */
export function addRequests(program: Command): void {
  program
    .command('list')
    .summary('list requests')
    .description('Lists requests: what each waits for and on whom, and its legal deadline.')
    .addOption(new Option('--open', 'only those that are not closed').conflicts('closed'))
    .option('--closed', 'only those that are closed')
    .action((options: { open?: boolean; closed?: boolean }, command: Command) =>
      answer(command, async ({ desk }) => {
        const status = options.open ? 'open' : options.closed ? 'closed' : undefined;
        const [requests, lines, admin] = await Promise.all([
          desk.list(status),
          desk.lines(),
          desk.admin(),
        ]);
        const listed = reply(requests, renderRequestList(requests, clockHere()));
        const notices = [stoppedNotice(lines), adminNotice(admin, clockHere())];
        return withNotice(listed, notices.filter(Boolean).join('\n') || undefined);
      }),
    );

  program
    .command('status')
    .summary('how a request stands')
    .description('Shows a request’s steps, what it waits for and on whom, and its legal deadline.')
    .argument('<id>', 'the request', parseRequestId)
    .action((requestId: string, _options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const report = await desk.status(requestId);
        if (report === undefined) return noSuchRequest(requestId);
        return reply(report, renderStatus(report, clockHere()));
      }),
    );

  program
    .command('watch')
    .summary('follow a request')
    .description('Follows a request until it is closed, or until it waits for a person.')
    .argument('<id>', 'the request', parseRequestId)
    .option('--every <seconds>', 'how often to look', parseSeconds, 2)
    .action((requestId: string, { every }: { every: number }, command: Command) =>
      answer(command, ({ desk, screen }) => watch(desk, requestId, screen, every)),
    );

  program
    .command('show')
    .summary('show whom a request is about, or what faults said (personal data)')
    .description(
      'Shows a request’s identities, free text and the messages of its faults: the one command\n' +
        'that shows personal data. That you asked is recorded.',
    )
    .argument(
      '<id>',
      'a request; a cycle, a pass or a clean-up, for its faults (c-12, v-40, run-…); or the id of a fault',
      parseDisclosed,
    )
    .option('--yes', 'do not ask first')
    .option('--by <id>', 'who asks: an id, no name (default: your AWS identity)')
    .action((target: string, options: { yes?: boolean; by?: string }, command: Command) =>
      answer(command, (session) => show(target, options, session)),
    );
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) {
    throw new InvalidArgumentError('It must be a number of seconds, up to 3600.');
  }
  return seconds;
}

async function show(
  target: string,
  options: { yes?: boolean; by?: string },
  { desk, by }: Session,
): Promise<Reply> {
  const sure =
    options.yes ||
    !atTerminal() ||
    (await askToGoOn('This shows personal data, and is recorded. Go on?'));
  if (!sure) return reply({ outcome: 'notShown' }, 'Nothing was shown.');
  const disclosure = await desk.disclose({ target, by: await by(options.by) });
  switch (disclosure.outcome) {
    case 'unknown':
      return nothingToShow(disclosure, target);
    case 'unreadable':
      return reply(
        disclosure,
        `Request ${target} is closed and its key deleted: nobody can read this any more.`,
        EXIT.refusedByRule,
      );
    case 'disclosed':
      return reply(disclosure, renderDisclosure(disclosure, clockHere()));
    case 'faultsDisclosed':
      return reply(disclosure, renderFaults(disclosure.faults, clockHere()) || noFaults(target));
    default:
      return disclosure satisfies never;
  }
}

const nothingToShow = (disclosure: Disclosure, target: string) =>
  reply(
    disclosure,
    `There is no request or fault ${target}. \`${DSR} list\` shows the requests; a request’s faults are shown with it, others are kept for 30 days.`,
    EXIT.notFound,
  );

const noFaults = (turn: string) =>
  `No faults are kept of ${turn}: it had none, or they are older than 30 days.`;
