import { Temporal } from 'temporal-polyfill';

/** The day on which an instant falls in a time zone, as `2026-12-23`. */
export const dayIn = (timeZone: string, at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();

/** The moment at which a day of a time zone is over. */
export const endOfDay = (day: string, timeZone: string): Date =>
  new Date(
    Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds,
  );
