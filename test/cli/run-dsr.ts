import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { onceARun } from '../emulator/once-a-run.ts';
import { testRun } from '../emulator/test-run.ts';

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** The command line in one file: read as TypeScript each time, it takes as long as all that it does. */
const commandLine = (): Promise<string> =>
  onceARun('dsr', async () => {
    const outfile = join(testRun(), 'cli', 'dsr.mjs');
    await build({
      entryPoints: ['cli/dsr.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      // Reads its fonts from beside itself.
      external: ['pdfkit'],
      // CommonJS among the dependencies calls require(), which ESM does not have.
      banner: {
        js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
      },
    });
    return outfile;
  });

/** Runs the command line as a person would: a process of its own, without a terminal. */
export async function runDsr(
  args: string[],
  { endpoint, input = '' }: { endpoint: string; input?: string },
): Promise<Ended> {
  const child = spawn(process.execPath, [await commandLine(), ...args], {
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      TZ: 'Europe/Berlin',
    },
  });
  child.stdin.end(input);
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((ended) => child.once('close', ended)),
  ]);
  return { exitCode, stdout, stderr };
}
