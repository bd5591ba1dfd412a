import type { Command } from 'commander';
import { CycleId, RequestId } from '../../lambdas/domain/ids.ts';
import { clockHere } from '../clock.ts';
import { usageError } from '../command-error.ts';
import { EXIT } from '../exit-codes.ts';
import { renderChain, renderCheck } from '../render/ledger.ts';
import { reply } from '../reply.ts';
import { answer } from '../session.ts';

/** The commands about the ledger: what happened, and whether anybody has changed what it says. */
export function addLedger(program: Command): void {
  const ledger = program
    .command('ledger')
    .summary('what happened, by whom; and whether the ledger is as it was written')
    .description('Shows and checks the ledger, in which every change is entered.');

  ledger
    .command('show')
    .summary('one chain of the ledger, in words')
    .description('Lists the entries of one chain: of a request, of a cycle, or of the platform.')
    .argument('<chain>', 'a request id, a cycle id, platform, or a chain as the ledger names it')
    .action((name: string, _options: unknown, command: Command) =>
      answer(command, async ({ ledger }) => {
        const chain = parseChain(name);
        const entries = await ledger().chain(chain);
        return entries.length > 0
          ? reply(entries, renderChain(entries))
          : reply(entries, `The ledger has no chain ${chain}.`, EXIT.notFound);
      }),
    );

  ledger
    .command('verify')
    .summary('whether anybody has changed the ledger')
    .description(
      'Reads the whole ledger and every signed head, and checks all hashes, signatures and links\n' +
        'here. Needs the right to read the table of the ledger and the bucket of evidence.',
    )
    .action((_options: unknown, command: Command) =>
      answer(command, async ({ ledger }) => {
        const check = await ledger().verify();
        const exitCode = check.problems.length > 0 ? EXIT.notVerified : EXIT.done;
        return reply(check, renderCheck(check, clockHere()), exitCode);
      }),
    );
}

/** `01KA…` → `request/01KA…`. @throws CommandError (usage) */
function parseChain(text: string): string {
  const request = RequestId.safeParse(text.toUpperCase());
  if (request.success) return `request/${request.data}`;
  const cycle = CycleId.safeParse(text.toLowerCase());
  if (cycle.success) return `cycle/${cycle.data}`;
  if (text === 'platform' || text === 'mail' || /^(request|cycle|clean-up)\/[\w-]+$/.test(text))
    return text;
  throw usageError(
    `${text} is no chain: a request id, a cycle id (c-7), platform, mail, or a name with a slash.`,
  );
}
