import { spawn } from 'node:child_process';

/**
 * Runs a program, and gives all that it says. Whoever ends it by a signal wants this one to end, too.
 * @returns {Promise<{ status: number | null, output: string }>}
 */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const said = [];
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => said.push(chunk));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (signal) process.exit(130);
      resolve({ status, output: Buffer.concat(said).toString('utf8') });
    });
  });
}
