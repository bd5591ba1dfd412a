import { spawn } from 'node:child_process';

/**
 * Runs a program, and gives all that it says.
 * @returns {Promise<{ status: number | null, output: string }>} `null`: it ended by a signal, or could
 *   not be started; the output says so
 */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve) => {
    const said = [];
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => said.push(chunk));
    const end = (status, why) => {
      const output = Buffer.concat(said).toString('utf8');
      resolve({ status, output: why ? `${output}\n${command}: ${why}\n` : output });
    };
    child.on('error', ({ message }) => end(null, message));
    child.on('close', (status, signal) => end(status, signal && `ended by ${signal}`));
  });
}
