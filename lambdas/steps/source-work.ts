import type { Engine } from '../adapters/engine.ts';
import { type LakeContext, withLake } from '../adapters/lake/lake-context.ts';

/** A function lives for fifteen minutes, and has to record what it came to. */
const MINUTES = 13;

/** A source took longer than a function may wait for it. */
export class OutOfTime extends Error {
  override name = 'OutOfTime';
}

/** Asks or reads a source, for as long as a function may. */
export const workOnSource = <T>(work: (lake: LakeContext) => Promise<T>): Promise<T> =>
  withLake((lake) => withinTime(lake.engine, work(lake), MINUTES));

/**
 * Stops the engine's work when the time is over.
 * @throws OutOfTime, and whatever the work throws
 */
export function withinTime<T>(
  engine: Pick<Engine, 'interrupt'>,
  work: Promise<T>,
  minutes: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const outOfTime = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      engine.interrupt();
      reject(new OutOfTime(`It took more than ${minutes} minutes.`));
    }, minutes * 60_000);
  });
  return Promise.race([work, outOfTime]).finally(() => clearTimeout(timer));
}
