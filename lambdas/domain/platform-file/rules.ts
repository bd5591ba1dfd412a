import { findCircle } from '../model-graph.ts';
import type { PlatformProblem } from '../platform-problem.ts';
import { brokenColumnRules } from './column-rules.ts';
import { didYouMean } from './did-you-mean.ts';
import { brokenDisclosures } from './disclosure-rules.ts';
import type { PlatformDraft } from './draft.ts';
import { brokenIdentityRules } from './identity-rules.ts';
import { brokenPackageKey } from './package-key.ts';
import { brokenRecipients } from './recipient-rules.ts';

/** The view of every identity of every source row; see docs/platform.md. */
const IDENTITIES_VIEW = 'identities';

/** What holds between the parts of a platform, where each alone is well formed. */
export const brokenRules = (
  draft: PlatformDraft,
  sql: Record<string, string>,
): PlatformProblem[] => [
  ...brokenSettings(draft),
  ...brokenPackageKey(draft),
  ...brokenNames(draft),
  ...brokenReads(draft),
  ...brokenFiles(draft, sql),
  ...brokenSegments(draft),
  ...brokenIdentityRules(draft),
  ...brokenColumnRules(draft),
  ...brokenDisclosures(draft),
  ...brokenRecipients(draft),
];

function* brokenSettings({ timeZone, country }: PlatformDraft): Iterable<PlatformProblem> {
  if (timeZone !== undefined && !isTimeZone(timeZone))
    yield {
      path: 'timeZone',
      rule: `is no time zone: ${timeZone}`,
      remedy: 'Use an IANA name such as Europe/Berlin.',
    };
  if (country !== undefined && /^[A-Z]{2}$/.test(country) && !isCountry(country))
    yield {
      path: 'country',
      rule: `is no country: ${country}`,
      remedy: 'Use an ISO 3166-1 code such as DE.',
    };
}

function* brokenNames({ sources, models, segments }: PlatformDraft): Iterable<PlatformProblem> {
  const owner = new Map([[IDENTITIES_VIEW, 'the view of all identities']]);
  for (const [section, tables] of Object.entries({ sources, models, segments }))
    for (const name of Object.keys(tables)) {
      const path = `${section}.${name}`;
      const taken = owner.get(name);
      if (taken) yield { path, rule: `has the name of ${taken}`, remedy: 'Rename one of them.' };
      else owner.set(name, path);
    }
}

function* brokenReads({ sources, models, segments }: PlatformDraft): Iterable<PlatformProblem> {
  const readable = [IDENTITIES_VIEW, ...Object.keys(sources), ...Object.keys(models)];
  for (const [section, tables] of Object.entries({ models, segments }))
    for (const [name, table] of Object.entries(tables))
      for (const [i, read] of (table?.reads ?? []).entries())
        if (!readable.includes(read))
          yield {
            path: `${section}.${name}.reads[${i}]`,
            rule: `names no source or model: ${read}`,
            remedy: didYouMean(read, readable),
          };
  const circle = findCircle(
    Object.fromEntries(
      Object.entries(models).map(([name, model]) => [name, { reads: model?.reads ?? [] }]),
    ),
  );
  if (circle)
    yield {
      path: `models.${circle[0]}.reads`,
      rule: `closes a circle: ${circle.join(' → ')}`,
      remedy: 'Let one of them no longer read the next.',
    };
}

function* brokenFiles(
  { models, segments }: PlatformDraft,
  sql: Record<string, string>,
): Iterable<PlatformProblem> {
  const declared = { models: Object.keys(models), segments: Object.keys(segments) };
  for (const [section, names] of Object.entries(declared))
    for (const name of names)
      if (!Object.hasOwn(sql, name) || sql[name]?.trim() === '')
        yield {
          path: `${section}.${name}`,
          rule: `has no SQL: models/${name}.sql is missing or empty`,
          remedy: 'Write its SELECT there.',
        };
  const names = [...declared.models, ...declared.segments];
  for (const name of Object.keys(sql))
    if (!names.includes(name))
      yield {
        path: `models/${name}.sql`,
        rule: 'belongs to no model and no segment',
        remedy: `Declare ${name}, or remove the file.`,
      };
}

function* brokenSegments({ segments }: PlatformDraft): Iterable<PlatformProblem> {
  for (const [name, segment] of Object.entries(segments))
    if (segment?.kind === 'static' && segment.recreate === 'drop' && segment.active !== false)
      yield {
        path: `segments.${name}.recreate`,
        rule: 'would drop an active segment',
        remedy: 'Use rerun or keepSurvivors, or set active: false.',
      };
}

function isTimeZone(name: string): boolean {
  // Newer runtimes take offsets too, which know no summer time and no schedule.
  if (/^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Aliases such as UK are none: no calendar of holidays knows them. */
const isCountry = (code: string): boolean =>
  new Intl.Locale(`und-${code}`).maximize().region === code &&
  new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined;
