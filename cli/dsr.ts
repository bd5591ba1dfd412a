import { CommanderError } from 'commander';
import { CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { buildProgram } from './program.ts';

// The SDK reads this when its first client is made: users cannot act on the warning.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const json = process.argv.includes('--json');

try {
  await buildProgram().parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

function tell(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has printed its own words.
    if (error.exitCode === 0) return EXIT.done;
    tellScripts({ kind: 'usage', words: error.message });
    return EXIT.usage;
  }
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`);
    tellScripts({ kind: error.kind, words: error.message, ...error.details });
    return error.exitCode;
  }
  if (error instanceof Error && error.name === 'ExitPromptError') {
    process.stderr.write('Stopped: nothing was changed.\n');
    return EXIT.interrupted;
  }
  throw error;
}

function tellScripts(failure: Record<string, string>): void {
  if (json) process.stdout.write(`${JSON.stringify({ error: failure }, null, 2)}\n`);
}
