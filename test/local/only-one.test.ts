import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { beTheOnlyOne } from '../../infra/local/only-one.ts';
import { startOf } from '../../infra/local/process-start.ts';

let run: string;
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'only-one-'));
});
afterEach(() => rmSync(run, { recursive: true }));

describe('npm start', () => {
  it('runs once in a checkout, and says so to a second one', () => {
    beTheOnlyOne(run);
    expect(() => beTheOnlyOne(run)).toThrow(`already running here (process ${process.pid})`);
  });

  it('runs again after it has ended', () => {
    beTheOnlyOne(run)();
    expect(() => beTheOnlyOne(run)).not.toThrow();
  });

  it('takes the place of one that was killed', () => {
    writeFileSync(join(run, 'start.lock'), JSON.stringify({ pid: 1, startedAt: 'long ago' }));
    expect(() => beTheOnlyOne(run)).not.toThrow();
  });

  it('does not mind that its process id was given to another', () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = other.pid ?? 0;
    expect(startOf(pid)).toBeDefined();
    writeFileSync(join(run, 'start.lock'), JSON.stringify({ pid, startedAt: 'long ago' }));
    expect(() => beTheOnlyOne(run)).not.toThrow();
    other.kill();
  });
});
