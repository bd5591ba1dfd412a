import { Temporal } from 'temporal-polyfill';

/** The day on which an instant falls in a time zone, as `2026-12-23`. */
export const dayIn = (timeZone: string, at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();

/** The moment at which a day of a time zone is over. */
const endOfDay = (day: string, timeZone: string): Date =>
  new Date(
    Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds,
  );

/** An hour is left to certify before the day is over. */
const TO_CERTIFY_SECONDS = 3600;

/**
 * So many seconds from now, but never past the day on which a request is due: what an erasure waits
 * for while nothing of the person is left here must not make it late.
 * @param dueOn a day of that time zone
 * @returns ISO 8601 UTC; not after `now` when the day is over
 */
export function withinDeadline(
  now: Date,
  seconds: number,
  { dueOn, timeZone }: { dueOn: string; timeZone: string },
): string {
  const latest = endOfDay(dueOn, timeZone).getTime() - TO_CERTIFY_SECONDS * 1000;
  return new Date(Math.min(now.getTime() + seconds * 1000, latest)).toISOString();
}
