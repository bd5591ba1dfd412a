import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that is installed or kept on this machine. */
export const local = join(root, '.local');

/** Where one local platform keeps what it runs and what it remembers. */
export interface Places {
  /** What runs now: records of processes, logs, the endpoint. */
  run: string;
  /** What outlives a run, and is discarded as one. */
  state: string;
  /**
   * Lambda code and layers, unpacked by the emulator. Outside of this project: a function that
   * found the project’s packages would miss nothing here, and everything on AWS.
   */
  temporary: string;
  /** What the CDK app was synthesised to. */
  assembly: string;
}

export function placesIn(directory: string): Places {
  const name = `dsr-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`;
  const places = {
    run: join(directory, 'run'),
    state: join(directory, 'state'),
    temporary: join(tmpdir(), name),
    assembly: join(directory, 'cdk.out'),
  };
  for (const place of [places.run, places.state]) mkdirSync(place, { recursive: true });
  return places;
}
