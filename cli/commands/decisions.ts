import { type Command, Option } from 'commander';
import type { Decided, Resumed } from '../../lambdas/domain/desk.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import { ROLES, type Role } from '../../lambdas/domain/wait.ts';
import { reasonFrom } from '../ask.ts';
import { clockHere } from '../clock.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Choices, renderChoices } from '../render/choices.ts';
import { noSuchRequest, type Reply, reply } from '../reply.ts';
import { answer, type Session } from '../session.ts';

export interface DecisionOptions {
  as: Role;
  reason?: string;
  by?: string;
}

/** The commands by which people answer waits, end requests and bring stopped ones back. */
export function addDecisions(program: Command): void {
  withDecisionOptions(
    program
      .command('decide')
      .summary('answer a wait; without an option, list what may be decided')
      .description(
        'Answers what a request or a source waits for. Without an option it lists what may be decided.',
      )
      .argument('<id>', 'a request or a wait')
      .argument('[option]', 'one of those listed'),
  )
    .addHelpText(
      'after',
      `
Examples:
  dsr decide 01KA…                             what may be decided
  dsr decide 01KA… only-1 --as tenantAdmin --reason "asked by phone"
  dsr decide 01KA…/sourcesLetGo#1 confirmDeleted --as sourceOwner`,
    )
    .action((target: string, option: string | undefined, options: DecisionOptions, command) =>
      answer(command, (session) =>
        option === undefined ? choices(target, session) : decide(target, option, options, session),
      ),
    );

  for (const [name, option, summary] of [
    ['cancel', 'cancelled', 'end a request that is not wanted any more'],
    ['refuse', 'refused', 'end a request that the law lets you refuse'],
  ] as const) {
    withDecisionOptions(
      program
        .command(name)
        .summary(summary)
        .description(`Ends a request as \`${option}\`: short for \`decide ID ${option}\`.`)
        .argument('<id>', 'the request'),
    ).action((target: string, options: DecisionOptions, command: Command) =>
      answer(command, (session) => decide(target, option, options, session)),
    );
  }

  program
    .command('resume')
    .summary('start a stopped request again')
    .description(
      'Starts the next attempt of a request that stopped at a fault. What is done stays done.',
    )
    .argument(
      '<id>',
      'the request; or `cycles`, `verification` or `gatherings`, when that line has stopped',
    )
    .option('--by <id>', 'who resumes: an id, no name (default: your AWS identity)')
    .action((target: string, options: { by?: string }, command: Command) =>
      answer(command, async ({ desk, by }) => {
        const resumed = await desk.resume({ target, by: await by(options.by) });
        return reply(resumed, resumed.words, RESUMED_EXIT[resumed.outcome]);
      }),
    );
}

export const withDecisionOptions = (command: Command) =>
  command
    .addOption(
      new Option('--as <role>', 'the role in which you decide').choices(ROLES).default('operator'),
    )
    .option('--reason <text>', 'why; kept encrypted; - reads it from standard input')
    .option('--by <id>', 'who decides: an id, no name (default: your AWS identity)');

const DECIDED_EXIT: Record<Decided['outcome'], ExitCode> = {
  accepted: EXIT.done,
  alreadyAnswered: EXIT.refusedByRule,
  notAsked: EXIT.refusedByRule,
  notAnOption: EXIT.refusedByRule,
  notYourRole: EXIT.refusedByRule,
  unknown: EXIT.notFound,
};

const RESUMED_EXIT: Record<Resumed['outcome'], ExitCode> = {
  resumed: EXIT.done,
  stillRunning: EXIT.refusedByRule,
  closed: EXIT.refusedByRule,
  unknown: EXIT.notFound,
};

export async function decide(
  target: string,
  option: string,
  options: DecisionOptions,
  { desk, by }: Session,
): Promise<Reply> {
  const reason = await reasonFrom(options.reason);
  const decided = await desk.decide({
    target,
    option,
    as: options.as,
    by: await by(options.by),
    ...(reason === undefined ? {} : { reason }),
  });
  return reply(decided, decided.words, DECIDED_EXIT[decided.outcome]);
}

async function choices(target: string, { desk }: Session): Promise<Reply> {
  const owner = target.split('/')[0] ?? target;
  const found = RequestId.safeParse(owner).success
    ? await requestChoices(owner, desk)
    : await sourceChoices(owner, desk);
  if (found === undefined) return noSuchRequest(owner);
  return reply(found, renderChoices(found, clockHere()));
}

async function requestChoices(owner: string, desk: Session['desk']): Promise<Choices | undefined> {
  const report = await desk.status(owner);
  return report && { owner, status: report.request.status, waits: report.waits };
}

async function sourceChoices(owner: string, desk: Session['desk']): Promise<Choices | undefined> {
  const source = (await desk.sources()).find(({ source: name }) => name === owner);
  return source && { owner, waits: source.decision === undefined ? [] : [source.decision.wait] };
}
