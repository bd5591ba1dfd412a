import Holidays from 'date-holidays';
import { Temporal } from 'temporal-polyfill';
import { dayIn } from './local-day.ts';

/** Where days begin and end (IANA time zone), and whose public holidays count (ISO 3166-1). */
export interface LegalCalendar {
  timeZone: string;
  country: string;
}

/** Days as `2026-12-23`, in the calendar's time zone; a deadline ends with its day. */
export interface LegalDeadline {
  /** The latest lawful day. */
  dueOn: string;
  /** The same without weekends and holidays: what staff should aim at. */
  unrolledDueOn: string;
}

/**
 * One month after receipt (GDPR Art. 12(3)): the same date of the next month, or that month's last
 * day, rolled to the next working day (Regulation 1182/71 art. 3). National holidays only.
 * @param receivedAt ISO 8601 with `Z` or an offset
 */
export const legalDeadline = (receivedAt: string, calendar: LegalCalendar): LegalDeadline =>
  monthsAfter(1, receivedAt, calendar);

/** Three months after receipt: lawful only with a notice sent within the first (GDPR Art. 12(3)). */
export const extendedDeadline = (receivedAt: string, calendar: LegalCalendar): LegalDeadline =>
  monthsAfter(3, receivedAt, calendar);

function monthsAfter(
  months: number,
  receivedAt: string,
  { timeZone, country }: LegalCalendar,
): LegalDeadline {
  const unrolled = Temporal.PlainDate.from(dayIn(timeZone, new Date(receivedAt))).add({ months });
  let due = unrolled;
  while (due.dayOfWeek >= 6 || isPublicHoliday(due, country)) due = due.add({ days: 1 });
  return { dueOn: due.toString(), unrolledDueOn: unrolled.toString() };
}

function isPublicHoliday(day: Temporal.PlainDate, country: string): boolean {
  return publicHolidays(country, day.year).has(day.toString());
}

const known = new Map<string, Set<string>>();

function publicHolidays(country: string, year: number): Set<string> {
  const key = `${country} ${year}`;
  const days = known.get(key) ?? readPublicHolidays(country, year);
  known.set(key, days);
  return days;
}

function readPublicHolidays(country: string, year: number): Set<string> {
  return new Set(
    new Holidays(country, { types: ['public'] })
      .getHolidays(year)
      .flatMap(({ date, start, end }) => {
        const first = Temporal.PlainDate.from(date.slice(0, 10));
        // Feasts that begin in an evening end within a day: better a deadline too early than too late.
        const count = Math.max(1, Math.floor((end.getTime() - start.getTime()) / 86_400_000));
        return Array.from({ length: count }, (_, i) => first.add({ days: i }).toString());
      }),
  );
}
