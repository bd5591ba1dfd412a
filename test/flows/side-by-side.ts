import { beforeAll, describe, it } from '@jest/globals';

/** Milliseconds; minutes of a loaded machine; what takes longer has come to a stop. */
export const patienceMs = 900_000;

/** Runs what it is given, so many at a time. */
export function atMost(places: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (run) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** As many as the emulator runs functions at once: the more share a cycle, the fewer cycles there are. */
const playersAtOnce = 16;

type Settled = { fault?: unknown };

/**
 * A group of tests that run at the same time on the one platform, as requests do: one after the
 * other, most of their time would go by waiting for the same refresh cycles.
 */
export function sideBySide(name: string, tests: Record<string, () => Promise<void>>): void {
  describe(name, () => {
    const running = new Map<string, Promise<Settled>>();
    beforeAll(() => {
      const inTurn = atMost(playersAtOnce);
      for (const [title, run] of Object.entries(tests))
        running.set(
          title,
          inTurn(run).then(
            () => ({}),
            (fault: unknown) => ({ fault }),
          ),
        );
    });
    it.each(Object.keys(tests))(
      '%s',
      async (title) => {
        const settled = await running.get(title);
        if (settled && 'fault' in settled) throw settled.fault;
      },
      patienceMs,
    );
  });
}
