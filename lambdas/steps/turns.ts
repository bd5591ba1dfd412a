import { changeLock, lockRow } from '../adapters/cycles.ts';
import { ended } from '../domain/turn.ts';

type Line = 'CYCLE' | 'VERIFY';

/** Marks a turn as begun, so that it is not superseded any more; false when it already was. */
export async function beginTurn(line: Line, holder: string): Promise<boolean> {
  for (;;) {
    const lock = await lockRow(line);
    if (lock?.holder !== holder) return false;
    if (lock.begun || (await changeLock(line, lock, { ...lock, started: true, begun: true }))) {
      return true;
    }
  }
}

/**
 * Lets go of a turn. The holder is removed before the next one is looked for: the other order
 * leaves somebody who joins in between waiting for nobody.
 */
export async function endTurn(line: Line, holder: string): Promise<void> {
  for (;;) {
    const lock = await lockRow(line);
    if (lock?.holder !== holder || (await changeLock(line, lock, ended(lock)))) return;
  }
}
