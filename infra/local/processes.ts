import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endRecorded, keepRecord, type ProcessRecord } from './process-record.ts';
import { startOf } from './process-start.ts';
import { SetUpFailure } from './set-up-failure.ts';

export interface ProcessPlan {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Another user, for what refuses to run as root. */
  user?: { uid: number; gid: number };
  stopSignal?: NodeJS.Signals;
  graceSeconds?: number;
  /** See {@link ProcessRecord.settles}. */
  settles?: ProcessRecord['settles'];
}

export interface Running {
  pid: number;
  /** The file with all that it says. */
  log: string;
  hasEnded(): boolean;
  stop(): Promise<void>;
}

export interface Processes {
  start(plan: ProcessPlan): Running;
  /** Runs a command to its end. Throws a {@link SetUpFailure} that names its log. */
  run(plan: ProcessPlan): Promise<void>;
  /** Ends everything, the last first. Nothing starts any more. */
  stopAll(): Promise<void>;
}

/** Child processes in groups of their own, each on record in `directory` for as long as it runs. */
export function openProcesses(directory: string): Processes {
  const running: { record: ProcessRecord; child: ChildProcess }[] = [];
  let closed = false;

  const launch = (plan: ProcessPlan) => {
    if (closed) throw new SetUpFailure('Stopped.', 'Start again whenever you like.');
    const log = join(directory, `${plan.name}.log`);
    const output = openSync(log, 'w');
    const { command, args, env, cwd, user } = plan;
    // Detached: Ctrl-C reaches us alone, and we stop the rest in order.
    const options = { env, cwd, detached: true, ...user };
    const child = spawn(command, args, { ...options, stdio: ['ignore', output, output] });
    closeSync(output);
    const { pid } = child;
    if (pid === undefined) return { child, log };
    const { name, stopSignal = 'SIGTERM', graceSeconds = 10, settles } = plan;
    const startedAt = startOf(pid) ?? 'ended';
    const record = { name, pid, startedAt, stopSignal, graceSeconds, log, settles };
    keepRecord(directory, record);
    running.push({ record, child });
    return { child, log, record };
  };
  const end = async (record: ProcessRecord) => {
    await endRecorded(directory, record);
    const at = running.findIndex((one) => one.record === record);
    if (at >= 0) running.splice(at, 1);
  };

  return {
    start(plan) {
      const { child, log, record } = launch(plan);
      child.on('error', () => undefined);
      // Whoever waits for it waits by asking; it keeps nobody from ending.
      child.unref();
      return {
        pid: record?.pid ?? 0,
        log,
        hasEnded: () => !record || child.exitCode !== null || child.signalCode !== null,
        stop: async () => record && end(record),
      };
    },
    async run(plan) {
      const { child, log, record } = launch(plan);
      const [code] = await once(child, 'exit');
      if (record) await end(record);
      if (closed || code === 0) return;
      throw new SetUpFailure(`${plan.name} failed:\n${lastLines(log)}`, `All its words: ${log}`);
    },
    async stopAll() {
      closed = true;
      for (const { record } of [...running].reverse()) await end(record);
    },
  };
}

export const lastLines = (log: string, lines = 15): string =>
  readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
