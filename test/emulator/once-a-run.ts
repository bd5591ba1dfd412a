import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { testRun } from './test-run.ts';

/**
 * Brings something up once, whichever worker asks first; the others wait for it.
 * What it answers must survive JSON.
 */
export async function onceARun<T>(name: string, bringUp: () => Promise<T>): Promise<T> {
  const answer = join(testRun(), `${name}.json`);
  if (isFirst(join(testRun(), `${name}.turn`))) {
    const outcome = await bringUp().then(
      (up) => ({ up }),
      (fault: Error) => ({ fault: fault.stack ?? fault.message }),
    );
    writeFileSync(`${answer}.part`, JSON.stringify(outcome));
    renameSync(`${answer}.part`, answer);
  }
  while (!existsSync(answer)) await setTimeout(100);
  const { up, fault } = JSON.parse(readFileSync(answer, 'utf8'));
  if (fault !== undefined) throw new Error(`${name} did not come up:\n${fault}`);
  return up;
}

function isFirst(turn: string): boolean {
  try {
    mkdirSync(turn);
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fault;
  }
}
