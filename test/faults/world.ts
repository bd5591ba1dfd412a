import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownDirectory } from '../emulator/test-run.ts';

/** `lost`: the call takes effect, and nobody hears of it. */
export const BAD_KINDS = ['throttled', 'failed', 'silent', 'lost'] as const;
export type BadKind = (typeof BAD_KINDS)[number];

/** What a function did, and what was done to it. */
export interface Note {
  step: string;
  /** An AWS call: `TransactWriteItems`, `PUT object`. */
  call?: string;
  /** Whether the call changes anything. */
  changes?: boolean;
  /** How it was answered, if badly. */
  bad?: BadKind;
  /** `before effect 2`, `before its answer`. */
  died?: string;
  /** The request, turn or run of an invocation that is held until it is let go. */
  held?: string;
}

export interface Bad {
  kind: BadKind;
  step?: string;
  operations?: string[];
  always?: boolean;
}

interface Plan {
  /** Steps whose process dies at each point of their work, one after the other. */
  dies?: string[];
  /** Every call of every step, or some of one step, are answered badly: as often as the SDK tries, or always. */
  bad?: Bad;
  /** Steps of which the first invocation waits before it does anything. */
  holds?: string[];
  /** By how many seconds the clock of each invocation is wrong, one after the other in turn. */
  clocks?: number[];
}

const directory = ownDirectory('faults');
const inFunction = fileURLToPath(new URL('in-function.cjs', import.meta.url));
let worlds = 0;

/** What belongs to the world as it is now; functions of an earlier one may still be at work. */
const place = (...path: string[]) => join(directory, `world-${worlds}`, ...path);

/** For the emulator: its functions run on a `node` that brings the faults with it. */
export function faultsEnvironment() {
  const node = join(directory, 'node');
  writeFileSync(node, `#!/bin/sh\nexec "${process.execPath}" --require "${inFunction}" "$@"\n`);
  chmodSync(node, 0o755);
  return { DSR_TEST_FAULTS: directory, PATH: `${directory}:${process.env.PATH}` };
}

/** From now on the world is like this, and nothing is known of what was before. */
export function makeWorld(plan: Plan): void {
  worlds += 1;
  mkdirSync(place('done'), { recursive: true });
  const draft = join(directory, 'plan.draft.json');
  writeFileSync(draft, JSON.stringify({ ...plan, place: place() }));
  renameSync(draft, join(directory, 'plan.json'));
}

export function journal(): Note[] {
  const path = place('journal.jsonl');
  if (!existsSync(path)) return [];
  return (
    readFileSync(path, 'utf8')
      .split('\n')
      // Behind the last whole line, another is perhaps being written.
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Note)
  );
}

/** Lets a held invocation go on. */
export const letGo = (step: string) => mkdirSync(place('done', step));

export const forgetWorld = () =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
