import type { Command } from 'commander';
import { RunId } from '../../lambdas/domain/ids.ts';
import { clockHere } from '../clock.ts';
import { usageError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { followCleanUp, replyOfRun } from '../follow-clean-up.ts';
import { renderCleanUpPreview } from '../render/clean-up.ts';
import { type Reply, reply } from '../reply.ts';
import { answer, type Session } from '../session.ts';
import { DSR } from '../words.ts';

interface CleanUpOptions {
  dryRun?: boolean;
  by?: string;
}

/** The commands about inactive data, which the schedule deletes. */
export function addCleanUp(program: Command): void {
  const cleanUp = program
    .command('clean-up')
    .summary('delete inactive data now')
    .description(
      'Deletes partitions and snapshots that have been inactive for longer than the platform says,\n' +
        'as the schedule does, and follows the run.',
    )
    .option('--dry-run', 'only show what would be deleted and what would be kept')
    .option('--by <id>', 'who asks: an id, no name (default: your AWS identity)')
    .action((options: CleanUpOptions, command: Command) =>
      answer(command, (session) => (options.dryRun ? dryRun(session) : runNow(options, session))),
    );

  cleanUp
    .command('show')
    .summary('what a run deleted, what it kept and why')
    .description('Shows the report of a run; without one named, of the latest.')
    .argument('[run]', 'the run, as the clean-up names it', parseRun)
    .action((runId: string | undefined, _options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const report = await desk.cleanUp(runId);
        return report === undefined ? noSuchRun(runId) : replyOfRun(report, clockHere());
      }),
    );
}

async function dryRun({ desk }: Session): Promise<Reply> {
  const preview = await desk.previewCleanUp();
  const exitCode = preview.outcome === 'stopped' ? EXIT.fault : EXIT.done;
  return reply(preview, renderCleanUpPreview(preview, clockHere()), exitCode);
}

async function runNow({ by }: CleanUpOptions, session: Session): Promise<Reply> {
  const { runId } = await session.desk.startCleanUp({ by: await session.by(by) });
  session.screen.say(`Started ${runId}.`);
  return followCleanUp(session.desk, runId, session.screen);
}

const noSuchRun = (runId: string | undefined): Reply =>
  reply(
    { outcome: 'unknown' },
    runId === undefined
      ? `The clean-up has not run yet. \`${DSR} clean-up\` runs it now.`
      : `There is no run ${runId}. \`${DSR} clean-up show\` shows the latest.`,
    EXIT.notFound,
  );

/** @throws CommandError (usage) for what cannot be a run's name */
function parseRun(text: string): string {
  const parsed = RunId.safeParse(text.startsWith('run-') ? text : `run-${text}`);
  if (!parsed.success)
    throw usageError(`${text} is no run: such as run-2026-11-25T04, as \`${DSR} clean-up\` says.`);
  return parsed.data;
}
