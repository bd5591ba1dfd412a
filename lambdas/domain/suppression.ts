import { Temporal } from 'temporal-polyfill';
import { dayIn } from './local-day.ts';
import type { Platform, Retained, Source } from './platform.ts';

/** Somebody who must be recognised when a source is ingested. Holds no identity; days as `2036-12-31`. */
export interface SuppressedPerson {
  /** The request that erased them, or is about to. */
  requestId: string;
  /** `member`: of a cycle, not erased yet; only sources that keep them by law leave them out. */
  state: 'member' | 'erased';
  /** The last day on which a source that brings them back is told of. */
  suppressedUntil?: string;
  /** By source that keeps them by law: the last day on which the lake leaves them out. */
  retained: Record<string, string>;
  /** Somebody decided that their rows stay out: nobody is asked again. */
  keptOut?: boolean;
  /** The wait in which somebody is asked about them. */
  finding?: string;
  /** Of the key that recognises them. */
  keyVersion: number;
}

/** What becomes of a row that is somebody's, weakest first: where it is several people's, the last counts. */
export const TREATMENTS = ['letIn', 'clear', 'leaveOut'] as const;
export type Treatment = (typeof TREATMENTS)[number];

export interface Effect {
  treatment: Treatment;
  /** The person came back, and somebody has to be told. */
  resurrected: boolean;
}

/** The law, if one demands today that the source keeps people; a duration is counted from each erasure. */
export const retentionOf = (
  { retained }: Pick<Source, 'retained'>,
  today: string,
): Retained | undefined =>
  retained && (isDuration(retained.until) || retained.until >= today) ? retained : undefined;

const isDuration = (until: string): boolean => !until.includes('-');

/** The sources that keep people by law today. */
export const retainedSources = (
  { sources, timeZone }: Pick<Platform, 'sources' | 'timeZone'>,
  now: Date,
): Record<string, Retained> => {
  const today = dayIn(timeZone, now);
  return Object.fromEntries(
    Object.entries(sources).flatMap(([name, source]) => {
      const retained = retentionOf(source, today);
      return retained ? [[name, retained]] : [];
    }),
  );
};

/** The last day of a retention that begins on `from`: `10y` later, or the day that is named. */
export function lastDayOf({ until }: Pick<Retained, 'until'>, from: string): string {
  if (!isDuration(until)) return until;
  const unit = { d: 'days', m: 'months', y: 'years' }[until.at(-1) ?? ''] ?? 'days';
  return dayAfter(from, { [unit]: Number.parseInt(until, 10) });
}

const dayAfter = (day: string, duration: Temporal.DurationLike): string =>
  Temporal.PlainDate.from(day).add(duration).toString();

/** Until when somebody who is erased now is recognised: everywhere, and in sources that keep them. */
export function erasedFrom(
  platform: Pick<Platform, 'sources' | 'timeZone' | 'suppression'>,
  now: Date,
): Pick<SuppressedPerson, 'state' | 'suppressedUntil' | 'retained'> {
  const today = dayIn(platform.timeZone, now);
  const { days } = platform.suppression;
  return {
    state: 'erased',
    ...(days > 0 && { suppressedUntil: dayAfter(today, { days }) }),
    retained: Object.fromEntries(
      Object.entries(retainedSources(platform, now)).map(([name, retained]) => [
        name,
        lastDayOf(retained, today),
      ]),
    ),
  };
}

/** The last day on which anything of this recognises somebody; `undefined`: nothing does. */
export const recognisedUntil = ({
  suppressedUntil,
  retained,
}: Pick<SuppressedPerson, 'suppressedUntil' | 'retained'>): string | undefined =>
  [suppressedUntil ?? '', ...Object.values(retained)].sort().at(-1) || undefined;

/** `undefined`: their rows are like everybody's. */
export function effectOn(
  person: Omit<SuppressedPerson, 'requestId' | 'keyVersion'>,
  { name, source, filter, today }: { name: string; source: Source; filter: boolean; today: string },
): Effect | undefined {
  const retained = retentionOf(source, today);
  const forgets = {
    treatment: retained?.columns ? ('clear' as const) : ('leaveOut' as const),
    resurrected: false,
  };
  if (person.state === 'member') return retained && forgets;
  if ((person.retained[name] ?? '') >= today) return forgets;
  if ((person.suppressedUntil ?? '') < today) return undefined;
  if (person.keptOut) return { treatment: 'leaveOut', resurrected: false };
  return { treatment: filter ? 'leaveOut' : 'letIn', resurrected: true };
}

/** What somebody may decide about a person who came back. */
export const RESURRECTED_OPTIONS = ['keepOut', 'signedUpAnew'];
