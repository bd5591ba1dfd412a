import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startOf } from './process-start.ts';

/** What a later run must know to end a process that this run left behind. */
export interface ProcessRecord {
  name: string;
  /** Also the id of its process group, which holds whatever it started. */
  pid: number;
  startedAt: string;
  stopSignal: NodeJS.Signals;
  graceSeconds: number;
  /** The file with all that it says. */
  log: string;
  /** `file` is written when the process, asked to end, has said `words`: its state is whole. */
  settles?: { file: string; words: string };
}

const fileOf = (directory: string, { name, pid }: Pick<ProcessRecord, 'name' | 'pid'>) =>
  join(directory, `${name}.${pid}.process.json`);

export function keepRecord(directory: string, record: ProcessRecord): void {
  writeFileSync(fileOf(directory, record), JSON.stringify(record));
}

/** Ends the process by its signal, and what is left of its group by force. */
export async function endRecorded(directory: string, record: ProcessRecord): Promise<void> {
  const { pid, startedAt, log, settles } = record;
  const runs = () => startOf(pid) === startedAt;
  const isSettled = () =>
    settles !== undefined && readFileSync(log, 'utf8').includes(settles.words);
  if (runs()) {
    signal(pid, record.stopSignal);
    const deadline = Date.now() + record.graceSeconds * 1000;
    while (runs() && !isSettled() && Date.now() < deadline) await setTimeout(50);
    if (settles && isSettled()) writeFileSync(settles.file, new Date().toISOString());
  }
  if (isOurs(record)) signal(-pid, 'SIGKILL');
  for (let attempt = 0; runs() && attempt < 100; attempt++) await setTimeout(20);
  rmSync(fileOf(directory, record), { force: true });
}

/** Ends what an earlier run that was killed left in this directory. Answers what still ran. */
export async function clearRemains(directory: string): Promise<string[]> {
  const records = recordsIn(directory);
  const running = records.filter(({ pid, startedAt }) => startOf(pid) === startedAt);
  await Promise.all(records.map((record) => endRecorded(directory, record)));
  return running.map(({ name }) => name);
}

/** Ends everything on record by force, before it returns. */
export function killRecorded(directory: string): void {
  for (const record of recordsIn(directory)) {
    if (isOurs(record)) signal(-record.pid, 'SIGKILL');
    rmSync(fileOf(directory, record), { force: true });
  }
}

const recordsIn = (directory: string): ProcessRecord[] =>
  (existsSync(directory) ? readdirSync(directory) : [])
    .filter((file) => file.endsWith('.process.json'))
    .map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')));

/** A group keeps its id from being given away for as long as it has a member. */
function isOurs({ pid, startedAt }: ProcessRecord): boolean {
  const start = startOf(pid);
  return start === startedAt || start === undefined;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault;
  }
}
