import { changeLock, lockRow } from '../adapters/cycles.ts';
import { begun, endedBy, type LockName } from '../domain/turn.ts';

/** Marks a turn as begun, so that it is not superseded any more; false when it already was. */
export async function beginTurn(line: LockName, holder: string): Promise<boolean> {
  for (;;) {
    const lock = await lockRow(line);
    const next = begun(lock, holder);
    if (!next) return false;
    if (lock?.begun || (await changeLock(line, lock, next))) return true;
  }
}

/**
 * Lets go of a turn. The holder is removed before the next one is looked for: the other order
 * leaves somebody who joins in between waiting for nobody.
 */
export async function endTurn(line: LockName, holder: string): Promise<void> {
  for (;;) {
    const lock = await lockRow(line);
    const next = endedBy(lock, holder);
    if (!next || (await changeLock(line, lock, next))) return;
  }
}
