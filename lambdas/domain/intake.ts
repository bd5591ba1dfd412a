import type { Identity } from './identity.ts';
import { normalise } from './normalise.ts';
import type { Platform } from './platform.ts';

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
