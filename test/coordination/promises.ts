import type { World } from './world.ts';

/**
 * Nothing is left lying: every request is closed or waits on a person who was asked, nobody holds a
 * line, and nobody waits in one. Or a line has stopped, and the operator has been asked to look.
 */
export function isAtRest({ requests, lines, refreshQueued }: World): boolean {
  const all = Object.values(lines);
  const looksAtLine = all.some(({ lock, fault }) => lock?.stuck && fault && !fault.answer);
  const nobodyWaits = requests.every(
    ({ status, pauses, verifying, queued }) =>
      !verifying &&
      !queued &&
      (status === 'closed' ||
        (status === 'waiting' &&
          [pauses.decision, pauses.fault].some((pause) => pause?.asked && !pause.answer))),
  );
  return looksAtLine || (nobodyWaits && !refreshQueued && all.every(({ lock }) => !lock?.holder));
}
