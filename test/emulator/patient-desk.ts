import { setTimeout } from 'node:timers/promises';
import type { Desk } from '../../cli/desk.ts';
import { atMost } from './at-most.ts';

/**
 * The emulator runs few functions at a time, and a crowd that asks how it stands would take the
 * flows' own places: so the crowd queues, and whoever is told that it is busy asks again.
 */
export function patientDesk(desk: Desk): Desk {
  const queue = atMost(2);
  const whenFree = async (ask: () => Promise<unknown>): Promise<unknown> => {
    for (;;) {
      try {
        return await queue(ask);
      } catch (error) {
        if (!/is busy just now/.test(String(error))) throw error;
        await setTimeout(500);
      }
    }
  };
  return askedBy(desk, whenFree);
}

/** The desk, each of whose questions goes through that. */
export const askedBy = (
  desk: Desk,
  through: (ask: () => Promise<unknown>) => Promise<unknown>,
): Desk =>
  new Proxy(desk, {
    get:
      (_, name: keyof Desk) =>
      (...asked: unknown[]) =>
        through(() => (desk[name] as (...args: unknown[]) => Promise<unknown>)(...asked)),
  });
