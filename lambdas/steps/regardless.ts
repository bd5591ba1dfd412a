/**
 * Runs each, one after the other, whatever becomes of those before.
 * @throws AggregateError of all that was thrown, once every one has had its turn
 */
export async function regardless<Item>(
  items: Iterable<Item>,
  run: (item: Item) => Promise<unknown>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      await run(item);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} failed`);
}
