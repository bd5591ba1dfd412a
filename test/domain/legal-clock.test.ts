import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { extendedDeadline, legalDeadline } from '../../lambdas/domain/legal-clock.ts';
import { dayIn } from '../../lambdas/domain/local-day.ts';

const germany = { timeZone: 'Europe/Berlin', country: 'DE' };

const anyCalendar = fc.constantFrom(
  germany,
  { timeZone: 'America/New_York', country: 'US' },
  { timeZone: 'Asia/Tokyo', country: 'JP' },
  { timeZone: 'Pacific/Auckland', country: 'NZ' },
  { timeZone: 'Africa/Cairo', country: 'EG' },
);
const anyInstant = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const VECTORS: [received: string, due: string, unrolled: string, why: string][] = [
  ['2026-01-31', '2026-03-02', '2026-02-28', 'February has no 31st, and its 28th is a Saturday'],
  ['2026-03-05', '2026-04-07', '2026-04-05', 'Easter Sunday, then Easter Monday'],
  ['2026-08-31', '2026-09-30', '2026-09-30', 'September has no 31st'],
  ['2027-01-29', '2027-03-01', '2027-02-28', 'a Sunday'],
  ['2028-01-31', '2028-02-29', '2028-02-29', 'a leap year: thirty days would be one too many'],
  ['2026-11-24', '2026-12-24', '2026-12-24', 'Christmas Eve is a working day'],
  ['2026-11-25', '2026-12-28', '2026-12-25', 'two days of Christmas and a Sunday'],
  ['2027-02-26', '2027-03-30', '2027-03-26', 'from Good Friday to Easter Monday'],
  ['2025-12-01', '2026-01-02', '2026-01-01', 'over the turn of the year'],
];

describe('legalDeadline', () => {
  it.each(VECTORS)('received %s, due %s (plainly %s): %s', (received, dueOn, unrolledDueOn) => {
    expect(legalDeadline(`${received}T10:00:00Z`, germany)).toEqual({ dueOn, unrolledDueOn });
  });

  it('takes the day of receipt from the time zone of the platform', () => {
    expect(legalDeadline('2026-06-29T22:30:00Z', germany).unrolledDueOn).toBe('2026-07-30');
    expect(
      legalDeadline('2026-06-29T22:30:00Z', { timeZone: 'UTC', country: 'DE' }).unrolledDueOn,
    ).toBe('2026-07-29');
    expect(legalDeadline('2026-06-30T00:30:00+02:00', germany).unrolledDueOn).toBe('2026-07-30');
  });

  it('knows the holidays of the country', () => {
    expect(legalDeadline('2026-09-12T10:00:00Z', { ...germany, country: 'US' }).dueOn).toBe(
      '2026-10-13',
    );
    expect(legalDeadline('2026-09-12T10:00:00Z', germany).dueOn).toBe('2026-10-12');
  });

  it('rolls past a holiday of several days, and not past what follows it', () => {
    const due = (received: string, country: string) =>
      legalDeadline(`${received}T10:00:00Z`, { timeZone: 'UTC', country }).dueOn;
    expect(due('2026-04-27', 'EG')).toBe('2026-06-01');
    expect(due('2026-02-20', 'TR')).toBe('2026-03-23');
  });

  it('is never before the plain month, and after it only over days that are no working days', () => {
    fc.assert(
      fc.property(anyInstant, anyCalendar, (receivedAt, calendar) => {
        const { dueOn, unrolledDueOn } = legalDeadline(receivedAt, calendar);
        const received = Temporal.PlainDate.from(dayIn(calendar.timeZone, new Date(receivedAt)));
        const unrolled = Temporal.PlainDate.from(unrolledDueOn);
        const inMonth = received.with({ day: 1 }).add({ months: 1 });
        expect(unrolled.day).toBe(Math.min(received.day, inMonth.daysInMonth));
        expect(unrolled.toPlainYearMonth().equals(inMonth.toPlainYearMonth())).toBe(true);
        const roll = unrolled.until(dueOn).days;
        expect(roll).toBeGreaterThanOrEqual(0);
        expect(roll).toBeLessThanOrEqual(12);
        expect(Temporal.PlainDate.from(dueOn).dayOfWeek).toBeLessThan(6);
      }),
    );
  });

  it('gives what comes later no earlier deadline', () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, anyCalendar, (a, b, calendar) => {
        const [early, late] = [a, b].sort().map((at) => legalDeadline(at, calendar));
        expect((early?.dueOn ?? '') <= (late?.dueOn ?? '')).toBe(true);
      }),
    );
  });
});

describe('extendedDeadline', () => {
  it('is three months, not three times one', () => {
    expect(extendedDeadline('2026-01-31T10:00:00Z', germany).dueOn).toBe('2026-04-30');
  });
});
