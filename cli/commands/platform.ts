import type { Command } from 'commander';
import { clockHere } from '../clock.ts';
import { usageError } from '../command-error.ts';
import { renderAdmin } from '../render/admin.ts';
import { renderLines } from '../render/lines.ts';
import { renderSnapshot } from '../render/snapshot.ts';
import { renderSources } from '../render/sources.ts';
import { renderSuppressed } from '../render/suppressed.ts';
import { reply } from '../reply.ts';
import { answer } from '../session.ts';
import { DSR } from '../words.ts';

/** The commands about the sources and the snapshot, for nobody in particular. */
interface RefreshOptions {
  acceptLoss?: boolean;
  by?: string;
}

export function addPlatform(program: Command): void {
  program
    .command('sources')
    .summary('how each source’s last refresh went')
    .description('Lists the sources: how the last refresh of each went, and what it waits for.')
    .action((_options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const sources = await desk.sources();
        return reply(sources, renderSources(sources, clockHere()));
      }),
    );

  program
    .command('refresh')
    .summary('refresh sources')
    .description('Asks for a refresh of the sources named, or of all, in the next refresh cycle.')
    .argument('[source...]', 'sources, as platform.yaml names them')
    .option(
      '--accept-loss',
      'the rows that a refresh would lose are really gone: named sources only',
    )
    .option('--by <id>', 'who asks: an id, no name (default: your AWS identity)')
    .action((sources: string[], options: RefreshOptions, command: Command) =>
      answer(command, async ({ desk, by }) => {
        const { acceptLoss } = options;
        const requested = await desk.refresh({ sources, acceptLoss, by: await by(options.by) });
        if (requested.outcome === 'invalid') {
          throw usageError(`Nothing was started: ${requested.problems.join('; ')}.`);
        }
        const what = sources.length === 0 ? 'all sources' : sources.join(', ');
        const cycle = requested.cycle === undefined ? 'the next cycle' : `cycle ${requested.cycle}`;
        return reply(
          requested,
          `The refresh of ${what} is queued for ${cycle}. \`${DSR} sources\` shows how it goes.`,
        );
      }),
    );

  program
    .command('snapshot')
    .summary('what the active snapshot holds')
    .description('Shows the tables of the active snapshot, with rows and sizes.')
    .action((_options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const report = await desk.snapshot();
        return reply(report, renderSnapshot(report, clockHere()));
      }),
    );

  program
    .command('suppressed')
    .summary('who is kept out after an erasure, and who came back')
    .description(
      'Lists the erased people of whom keyed hashes are kept, by the requests that erased them:\n' +
        'until when, in which sources a law keeps them, and who came back and has to be decided about.',
    )
    .action((_options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const people = await desk.suppressed();
        return reply(people, renderSuppressed(people, clockHere()));
      }),
    );

  program
    .command('admin')
    .summary('who is registered as the tenant admin')
    .description(
      'Shows to whom codes and packages go, for which key packages are encrypted, and what has\n' +
        'become of another whom platform.yaml names.',
    )
    .action((_options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const report = await desk.admin();
        return reply(report, renderAdmin(report, clockHere()));
      }),
    );

  program
    .command('lines')
    .summary('whose turn it is to refresh and to ask the sources')
    .description(
      'Shows the two lines in which one goes after the other, refresh cycles and passes of\n' +
        'verification: whose turn it is, how many wait, and what to do about one that stopped.',
    )
    .action((_options: unknown, command: Command) =>
      answer(command, async ({ desk }) => {
        const lines = await desk.lines();
        return reply(lines, renderLines(lines, clockHere()));
      }),
    );
}
