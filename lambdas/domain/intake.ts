import type { Identity } from './identity.ts';
import { normalise } from './normalise.ts';
import type { Platform } from './platform.ts';

/** As much may the clocks of two systems differ that tell each other the time. */
const CLOCKS_DIFFER_MS = 300_000;

/**
 * When a request came in, ISO 8601 UTC: now, if nothing else is given. A little ahead of now is now,
 * by a clock that differs from ours.
 * @returns `undefined` when it would be later
 */
export function readReceivedAt(given: string | undefined, now: Date): string | undefined {
  const at = given === undefined ? now.getTime() : Date.parse(given);
  if (at > now.getTime() + CLOCKS_DIFFER_MS) return undefined;
  return new Date(Math.min(at, now.getTime())).toISOString();
}

/**
 * The identities of a request as given, normalised, each once.
 * `problems` name the type, the rule and the remedy, never the value.
 */
export function readIdentities(
  platform: Platform,
  given: { type: string; value: string }[],
): { identities: Identity[]; problems: string[] } {
  const problems: string[] = [];
  const identities = new Map<string, Identity>();
  const known = Object.entries(platform.identityTypes)
    .filter(([, { madeBy }]) => !madeBy)
    .map(([name]) => name);
  for (const { type, value } of given) {
    const declared = platform.identityTypes[type];
    if (!declared || declared.madeBy) {
      problems.push(`${type}: this platform knows ${known.join(', ')}. Give one of these.`);
      continue;
    }
    const normal = normalise(value, declared);
    if (normal === undefined) {
      problems.push(
        `${type}: this cannot be read as ${declared.normalForm}. ${remedy(declared.normalForm)}`,
      );
    } else identities.set(`${type} ${normal}`, { type, value: normal });
  }
  return { identities: [...identities.values()], problems };
}

const remedy = (form: 'email' | 'phone' | 'text'): string =>
  form === 'email'
    ? 'Give an address like name@example.com.'
    : form === 'phone'
      ? 'Give it with its country prefix, like +49 30 123456.'
      : 'Give the id as the source writes it.';
