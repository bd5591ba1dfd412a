import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clearRemains, keepRecord } from '../../infra/local/process-record.ts';
import { startOf } from '../../infra/local/process-start.ts';
import { openProcesses, type Processes, type Running } from '../../infra/local/processes.ts';
import { SetUpFailure } from '../../infra/local/set-up-failure.ts';

const env = { PATH: process.env.PATH };
const node = (name: string, script: string, more = {}) => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  env,
  ...more,
});
const forever = 'setInterval(() => {}, 1000)';
const saving = `process.on('SIGTERM', () => console.log('saved')); ${forever}; console.log('ready')`;
const stubborn = `process.on('SIGTERM', () => {}); console.log('ready'); ${forever}`;

let directory: string;
let processes: Processes;
let settles: { file: string; words: string };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'processes-'));
  processes = openProcesses(directory);
  settles = { file: join(directory, 'settled'), words: 'saved' };
});
afterEach(async () => {
  await processes.stopAll();
  rmSync(directory, { recursive: true });
});

const isRunning = (pid: number) => startOf(pid) !== undefined;
const records = () => readdirSync(directory).filter((file) => file.endsWith('.process.json'));

describe('processes', () => {
  it('end when they are stopped, and leave no record', async () => {
    const running = processes.start(node('quiet', forever));
    expect(isRunning(running.pid)).toBe(true);
    expect(records()).toHaveLength(1);
    await processes.stopAll();
    expect(isRunning(running.pid)).toBe(false);
    expect(records()).toEqual([]);
  });

  it('end by force when they do not heed the signal, and are not taken for settled', async () => {
    const running = processes.start(node('stubborn', stubborn, { graceSeconds: 1, settles }));
    await firstLineOf(running);
    await processes.stopAll();
    expect(isRunning(running.pid)).toBe(false);
    expect(existsSync(settles.file)).toBe(false);
  });

  it('take whatever they started with them', async () => {
    const script = `
      const { pid } = require('node:child_process').spawn(process.execPath, ['-e', '${forever}']);
      console.log(pid); ${forever}`;
    const running = processes.start(node('parent', script));
    const grandchild = Number(await firstLineOf(running));
    expect(isRunning(grandchild)).toBe(true);
    await processes.stopAll();
    await until(() => !isRunning(grandchild));
  });

  it('say what a failed command said', async () => {
    const failing = processes.run(node('failing', 'console.error("no room"); process.exit(3)'));
    await expect(failing).rejects.toThrow(SetUpFailure);
    await expect(failing).rejects.toThrow('no room');
  });

  it('start no more once they are being stopped', async () => {
    await processes.stopAll();
    expect(() => processes.start(node('late', forever))).toThrow('Stopped.');
  });
});

describe('what a killed run leaves behind', () => {
  it('is ended by the next run, which settles what has saved its state', async () => {
    const running = processes.start(node('left', saving, { settles }));
    await firstLineOf(running);
    expect(await clearRemains(directory)).toEqual(['left']);
    expect(isRunning(running.pid)).toBe(false);
    expect(existsSync(settles.file)).toBe(true);
    expect(records()).toEqual([]);
  });

  it('is left alone when its id belongs to another process by now', async () => {
    const stranger = spawn(process.execPath, ['-e', forever], { detached: true });
    await once(stranger, 'spawn');
    const pid = stranger.pid ?? 0;
    keepRecord(directory, {
      name: 'gone',
      pid,
      startedAt: 'long ago',
      stopSignal: 'SIGTERM',
      graceSeconds: 1,
      log: '',
    });
    expect(await clearRemains(directory)).toEqual([]);
    expect(isRunning(pid)).toBe(true);
    stranger.kill();
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What a process says first, once it has said it. */
async function firstLineOf({ log }: Running): Promise<string> {
  await until(() => readFileSync(log, 'utf8').includes('\n'));
  return readFileSync(log, 'utf8').split('\n')[0] ?? '';
}
