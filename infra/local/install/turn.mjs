import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Two runs in one fresh clone must not install over each other: the second waits for the first. */
export async function inTurn(local, install) {
  const turn = join(local, 'installing');
  for (let waited = false; !take(turn); await setTimeout(300)) {
    if (isAbandoned(turn)) rmSync(turn, { recursive: true, force: true });
    else if (!waited) console.log('Waiting for another run to finish its installation …');
    waited = true;
  }
  try {
    await install();
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}

function take(turn) {
  try {
    mkdirSync(turn);
    writeFileSync(join(turn, 'pid'), String(process.pid));
    return true;
  } catch (fault) {
    if (fault.code === 'EEXIST') return false;
    throw fault;
  }
}

function isAbandoned(turn) {
  try {
    process.kill(Number(readFileSync(join(turn, 'pid'), 'utf8')), 0);
    return false;
  } catch (fault) {
    return fault.code === 'ESRCH';
  }
}
