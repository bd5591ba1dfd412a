/** One after the other, whoever asks for a turn. */
function turns(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const done = last.then(act);
    last = done.catch(() => undefined);
    return done;
  };
}

/**
 * Files of a source are rewritten whole: two edits at once would bring lines back. In its turn, a
 * test knows that no neighbour makes a file unreadable for whoever reads it.
 */
export const inTurn = turns();

/**
 * A policy of the CRM's table changes when nobody reads it, and whoever comes later waits behind the
 * change: it must not come while a reader is kept at the gate.
 */
export const inTurnAtCrm = turns();
