import { Temporal } from 'temporal-polyfill';

/** The day on which an instant falls in a time zone, as `2026-12-23`. */
export const dayIn = (timeZone: string, at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
