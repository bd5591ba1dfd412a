import { changeLock, lockRow } from '../adapters/cycles.ts';
import { begun, endedBy } from '../domain/turn.ts';

type Line = 'CYCLE' | 'VERIFY';

/** Marks a turn as begun, so that it is not superseded any more; false when it already was. */
export async function beginTurn(line: Line, holder: string): Promise<boolean> {
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
export async function endTurn(line: Line, holder: string): Promise<void> {
  for (;;) {
    const lock = await lockRow(line);
    const next = endedBy(lock, holder);
    if (!next || (await changeLock(line, lock, next))) return;
  }
}
