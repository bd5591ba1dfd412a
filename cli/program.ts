import { Command } from 'commander';
import { addCleanUp } from './commands/clean-up.ts';
import { addDecisions } from './commands/decisions.ts';
import { addErase } from './commands/erase.ts';
import { addEvidence } from './commands/evidence.ts';
import { addExport } from './commands/export.ts';
import { addHolds } from './commands/holds.ts';
import { addLedger } from './commands/ledger.ts';
import { addMail } from './commands/mail.ts';
import { addPlatform } from './commands/platform.ts';
import { addRequests } from './commands/requests.ts';
import { EXIT_CODE_HELP } from './exit-codes.ts';

/** Every command of `dsr`; throws instead of leaving the process. */
export function buildProgram(): Command {
  const program = new Command('dsr')
    .description('Data subject requests: open them, follow them, decide what they ask, prove them.')
    .option('--stack <name>', 'the stack (default: DSR_STACK, else dsr-demo)')
    .option(
      '--endpoint-url <url>',
      'where AWS answers (default: AWS_ENDPOINT_URL, else a running npm start, else AWS)',
    )
    .option('--aws', 'your AWS account, even while npm start is running')
    .option('--json', 'one JSON document on standard output; messages on standard error')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(`dsr --help` shows what there is)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  npm run dsr -- erase                 asks whom to erase, without echo
  npm run dsr -- list --open           what is open, and on whom it waits
  npm run dsr -- watch 01KA…           follow one request
  npm run -s dsr -- list --json | jq   for scripts

${EXIT_CODE_HELP}`,
    );
  addErase(program);
  addExport(program);
  addRequests(program);
  addDecisions(program);
  addEvidence(program);
  addHolds(program);
  addPlatform(program);
  addLedger(program);
  addCleanUp(program);
  addMail(program);
  return program;
}
