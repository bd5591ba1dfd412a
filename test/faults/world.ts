import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a function did, and what was done to it. */
export interface Note {
  step: string;
  /** An AWS call: `TransactWriteItems`, `PUT object`. */
  call?: string;
  /** How it was answered, if badly. */
  bad?: 'throttled' | 'failed' | 'silent';
  /** `before effect 2`, `before its answer`. */
  died?: string;
}

interface Plan {
  /** Steps whose process dies at each point of their work, one after the other. */
  dies?: string[];
  /** Every call of every step, or one of one step, is answered badly: as often as the SDK tries, or always. */
  bad?: { step?: string; operation?: string; always?: boolean };
}

const directory = mkdtempSync(join(tmpdir(), 'faults-'));
const inFunction = fileURLToPath(new URL('in-function.cjs', import.meta.url));

/** For the emulator: its functions run on a `node` that brings the faults with it. */
export function faultsEnvironment() {
  const node = join(directory, 'node');
  writeFileSync(node, `#!/bin/sh\nexec "${process.execPath}" --require "${inFunction}" "$@"\n`);
  chmodSync(node, 0o755);
  return { DSR_TEST_FAULTS: directory, PATH: `${directory}:${process.env.PATH}` };
}

/** From now on the world is like this, and nothing is known of what was before. */
export function makeWorld(plan: Plan): void {
  for (const name of ['deaths', 'done', 'bad', 'journal.jsonl'])
    rmSync(join(directory, name), { recursive: true, force: true });
  mkdirSync(join(directory, 'done'));
  writeFileSync(join(directory, 'plan.json'), JSON.stringify(plan));
}

export function journal(): Note[] {
  const path = join(directory, 'journal.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Note);
}

export const forgetWorld = () => rmSync(directory, { recursive: true, force: true });
