let edits: Promise<unknown> = Promise.resolve();

/**
 * Files of a source are rewritten whole, one edit at a time: two at once would bring lines back.
 * In its turn, a test knows that no neighbour makes a file unreadable for whoever reads it.
 */
export function inTurn<T>(edit: () => Promise<T>): Promise<T> {
  const done = edits.then(edit);
  edits = done.catch(() => undefined);
  return done;
}
