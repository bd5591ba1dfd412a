import { Temporal } from 'temporal-polyfill';
import type { Clock } from './clock.ts';
import { usageError } from './command-error.ts';

/**
 * When the controller received the request, as UTC. A day alone is the start of that day where the
 * caller is, so that the legal deadline is never later than the law's; a time without offset is the
 * caller's too.
 * @throws CommandError (usage) for what is no time, or lies in the future
 */
export function parseReceivedAt(text: string, { now, timeZone }: Clock): string {
  const at = readTime(text.trim(), timeZone);
  if (at === undefined) {
    throw usageError(
      `--received-at ${text} is no day or time. Write 2026-11-02, or 2026-11-02T09:30, or with an offset 2026-11-02T09:30+01:00.`,
    );
  }
  if (at.epochMilliseconds > now.getTime()) {
    throw usageError(
      `--received-at ${text} lies in the future. It is the day on which the request reached you.`,
    );
  }
  return at.toString({ smallestUnit: 'second' });
}

function readTime(text: string, timeZone: string): Temporal.Instant | undefined {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return Temporal.PlainDate.from(text).toZonedDateTime(timeZone).toInstant();
    }
    if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10))) return Temporal.Instant.from(text);
    return /^\d{4}-\d{2}-\d{2}[T ]/.test(text)
      ? Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).toInstant()
      : undefined;
  } catch {
    return undefined;
  }
}
