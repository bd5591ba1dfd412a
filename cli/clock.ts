import type { DueDay } from '../lambdas/domain/desk-reports.ts';

/** The reader's own now and time zone; renderers take it as an argument. */
export interface Clock {
  now: Date;
  /** IANA, e.g. `Europe/Berlin`. */
  timeZone: string;
}

export const clockHere = (): Clock => ({
  now: new Date(),
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

const UNITS = [
  { seconds: 86_400, words: (n: number) => (n === 1 ? '1 day' : `${n} days`) },
  { seconds: 3_600, words: (n: number) => `${n} h` },
  { seconds: 60, words: (n: number) => `${n} min` },
  { seconds: 1, words: (n: number) => `${n} s` },
];

/** `4 min`; the largest unit of which there is at least one. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const unit = UNITS.find((candidate) => whole >= candidate.seconds);
  return unit === undefined ? '0 s' : unit.words(Math.floor(whole / unit.seconds));
}

const secondsBetween = (from: number, to: number) => (to - from) / 1000;

/** How long something lasts already: `4 min`. */
export const since = (at: string, { now }: Clock) =>
  duration(secondsBetween(Date.parse(at), now.getTime()));

/** `4 min ago`, `in 2 days`. */
export function relative(at: string, { now }: Clock): string {
  const seconds = secondsBetween(Date.parse(at), now.getTime());
  return seconds >= 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
}

const localParts = (at: Date, timeZone: string, style: Intl.DateTimeFormatOptions) =>
  // Swedish writes days and times as ISO 8601 does.
  new Intl.DateTimeFormat('sv-SE', { timeZone, ...style }).format(at);

/** `2026-11-23 14:05:09`, in the reader's zone. */
export const localTime = (at: string, { timeZone }: Clock) =>
  localParts(new Date(at), timeZone, { dateStyle: 'short', timeStyle: 'medium' });

const DAY_MILLISECONDS = 86_400_000;

/** Days from today in that zone until that day; negative when it has passed. */
function daysLeft(day: string, { now, timeZone }: Clock): number {
  const today = localParts(now, timeZone, { dateStyle: 'short' });
  return Math.round((Date.parse(day) - Date.parse(today)) / DAY_MILLISECONDS);
}

/** `2026-12-23 (30 days left)`, counted where the platform is: the day ends there. */
export function dueDay({ dueOn: day, timeZone }: DueDay, { now }: Clock): string {
  const left = daysLeft(day, { now, timeZone });
  if (left === 0) return `${day} (today)`;
  const days = Math.abs(left) === 1 ? '1 day' : `${Math.abs(left)} days`;
  return left > 0 ? `${day} (${days} left)` : `${day} (${days} overdue)`;
}
