import { type Command, Option } from 'commander';
import type { Identity } from '../../lambdas/domain/identity.ts';
import {
  identitiesOf,
  invalid,
  type OpeningOptions,
  openFrom,
  withOpeningOptions,
} from '../opening.ts';
import { renderPreview } from '../render/preview.ts';
import { type Reply, reply } from '../reply.ts';
import { answer, type Session } from '../session.ts';

interface EraseOptions extends OpeningOptions {
  dryRun?: boolean;
}

export function addErase(program: Command): void {
  withOpeningOptions(
    program
      .command('erase')
      .summary('erase one person everywhere, and prove it')
      .description(
        'Opens a request to erase one person. All identities that you give mean the same person.\n' +
          'Flags show in process lists: leave them out to be asked without echo, or use --stdin.',
      ),
  )
    .addOption(
      new Option('--dry-run', 'tell what is held where, and start nothing').conflicts('watch'),
    )
    .addHelpText(
      'after',
      `
Examples:
  dsr erase                                    asks, without echo
  dsr erase --customer-id C-1007 --dry-run     what would be found
  printf 'email=%s\\n' "$ADDRESS" | dsr erase --stdin --received-at 2026-11-02`,
    )
    .action((options: EraseOptions, command: Command) =>
      answer(command, async (session) =>
        options.dryRun
          ? preview(await identitiesOf(options), session)
          : openFrom(options, { kind: 'erasure' }, session),
      ),
    );
}

async function preview(identities: Identity[], { desk }: Session): Promise<Reply> {
  const report = await desk.preview({ identities });
  if (report.outcome === 'invalid') throw invalid(report.problems);
  return reply(report, renderPreview(report));
}
