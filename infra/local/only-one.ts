import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from './process-start.ts';
import { SetUpFailure } from './set-up-failure.ts';

interface Holder {
  pid: number;
  startedAt: string;
}

/** Keeps a second `npm start` from this checkout; the returned function lets it go. */
export function beTheOnlyOne(run: string): () => void {
  const lock = join(run, 'start.lock');
  const mine = join(run, `start.${process.pid}`);
  const me: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? '' };
  writeFileSync(mine, JSON.stringify(me));
  try {
    if (!take(mine, lock)) {
      putAsideStale(lock, `${mine}.stale`);
      if (!take(mine, lock)) throw alreadyRunning(holderOf(lock));
    }
  } finally {
    rmSync(mine, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** Moved, not removed: between our look and our move, another run may have taken its place. */
function putAsideStale(lock: string, aside: string): void {
  const holder = holderOf(lock);
  if (runs(holder)) throw alreadyRunning(holder);
  renameSync(lock, aside);
  const moved = holderOf(aside);
  if (runs(moved)) {
    take(aside, lock);
    throw alreadyRunning(moved);
  }
  rmSync(aside, { force: true });
}

const runs = (holder?: Holder) => holder !== undefined && startOf(holder.pid) === holder.startedAt;

/** A link appears whole or not at all, and never over another. */
function take(mine: string, lock: string): boolean {
  try {
    linkSync(mine, lock);
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fault;
  }
}

function holderOf(lock: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

const alreadyRunning = (other?: Holder) =>
  new SetUpFailure(
    `npm start is already running here${other ? ` (process ${other.pid})` : ''}.`,
    'Use that one from a second terminal (npm run dsr -- list), or end it with Ctrl-C first.',
  );
