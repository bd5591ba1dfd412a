import { beforeAll, describe, it } from '@jest/globals';
import { atMost } from '../emulator/at-most.ts';

/** Milliseconds; minutes of a loaded machine; what takes longer has come to a stop. */
export const patienceMs = 900_000;

/**
 * The more share a cycle, the fewer cycles there are, and each leaves copies that all later ones read.
 * All at once they would only stand in each other’s way.
 */
const playersAtOnce = 28;

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
