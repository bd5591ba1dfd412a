import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a person would: a process of its own, without a terminal. */
export async function runDsr(
  args: string[],
  { endpoint, input = '' }: { endpoint: string; input?: string },
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/dsr.ts', ...args], {
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
