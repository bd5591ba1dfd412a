import type { Command } from 'commander';
import { type Held, PlaceHold } from '../../lambdas/domain/desk.ts';
import { reasonFrom } from '../ask.ts';
import { usageError } from '../command-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { noSuchRequest, reply } from '../reply.ts';
import { answer, parseRequestId } from '../session.ts';
import { decide, withDecisionOptions } from './decisions.ts';

const HELD_EXIT: Record<Held['outcome'], ExitCode> = {
  held: EXIT.done,
  refused: EXIT.refusedByRule,
  unknown: EXIT.notFound,
};

/** @throws CommandError (usage) */
function parseReason(code: string): string {
  const parsed = PlaceHold.shape.reasonCode.safeParse(code);
  if (parsed.success) return parsed.data;
  throw usageError(`--reason ${code}: it ${parsed.error.issues[0]?.message}. Say more in --note.`);
}

/** The commands about legal holds. */
export function addHolds(program: Command): void {
  program
    .command('hold')
    .summary('put a request on legal hold')
    .description(
      'Puts a request on legal hold: nothing irreversible is done while that stands, and the\n' +
        'clean-up keeps what holds the person. The legal clock keeps running.',
    )
    .argument('<id>', 'the request')
    .requiredOption('--reason <code>', 'why, as one word that points at nobody: litigation')
    .option('--note <text>', 'more about it; kept encrypted; - reads it from standard input')
    .option('--by <id>', 'who holds it: an id, no name (default: your AWS identity)')
    .action(
      (id: string, options: { reason: string; note?: string; by?: string }, command: Command) =>
        answer(command, async ({ desk, by }) => {
          const note = await reasonFrom(options.note);
          const held = await desk.hold({
            requestId: parseRequestId(id),
            reasonCode: parseReason(options.reason),
            by: await by(options.by),
            ...(note === undefined ? {} : { note }),
          });
          return reply(held, held.words, HELD_EXIT[held.outcome]);
        }),
    );

  withDecisionOptions(
    program
      .command('release')
      .summary('release a request from legal hold')
      .description(
        'Ends a legal hold. The request goes on with a new round: sources are asked anew.',
      )
      .argument('<id>', 'the request'),
  ).action((id: string, options, command: Command) =>
    answer(command, async (session) => {
      const requestId = parseRequestId(id);
      const report = await session.desk.status(requestId);
      if (!report) return noSuchRequest(requestId);
      const wait = report.waits.find(({ kind }) => kind === 'legalHold');
      return wait
        ? decide(wait.waitId, 'release', options, session)
        : reply({ outcome: 'notHeld' }, 'This request is not on hold.', EXIT.refusedByRule);
    }),
  );
}
