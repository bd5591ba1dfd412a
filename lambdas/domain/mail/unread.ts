import { EVENT_LIVES_HOURS } from './inbound.ts';

const MINUTE_MS = 60_000;
/** Long enough for the tries that Lambda makes by itself. */
const FIRST_PAUSE_MS = 10 * MINUTE_MS;
/** So often a message is read again; the last time about five hours after it came. */
export const MOST_READINGS = 5;

/**
 * What is to be done about a message that came to no end: read it again, after pauses that double,
 * and in the end tell the operator. What a wrong clock has dated into the future is read now.
 */
export function nextReading(
  { takenAt, readings = 0 }: { takenAt: string; readings?: number },
  now: Date,
): 'later' | 'read' | 'giveUp' {
  if (readings >= MOST_READINGS) return 'giveUp';
  const waitedMs = now.getTime() - Date.parse(takenAt);
  const pauseMs = FIRST_PAUSE_MS * (2 ** (readings + 1) - 1);
  return waitedMs >= 0 && waitedMs < pauseMs ? 'later' : 'read';
}

/** Whether a message that is stored and that nobody was ever called for will have no call any more. */
export const isEventLost = (storedAt: Date, now: Date): boolean =>
  now.getTime() - storedAt.getTime() > (EVENT_LIVES_HOURS + 1) * 60 * MINUTE_MS;
