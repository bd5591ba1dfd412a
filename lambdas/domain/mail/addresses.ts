import type { Identity } from '../identity.ts';
import { normalise } from '../normalise.ts';
import type { Platform } from '../platform.ts';

const SEPARATORS = String.raw`\s<>()\[\]{}"',;:|„“”‘’«»`;
const ADDRESS = new RegExp(
  `(?:"[^"\\s@\\\\]+"|[^${SEPARATORS}@]+)@[^${SEPARATORS}@]+\\.[^${SEPARATORS}@]+`,
  'gu',
);
const LONGEST_ADDRESS = 320;

/** Identities that a text names, each once, and the text without them: they are no words of it. */
export interface Named {
  identities: Identity[];
  rest: string;
}

/**
 * Addresses as they stand in a sentence (`<anna@example.org>.`), and other unique identities behind
 * the name of their type: `customer id C-4711`, `customer_id: C-4711`.
 */
export function identitiesIn(text: string, types: Platform['identityTypes']): Named {
  const found = new Map<string, Identity>();
  const keep = (type: string, raw: string): boolean => {
    const declared = types[type];
    const value = declared && normalise(raw, declared);
    if (value === undefined) return false;
    found.set(`${type} ${value}`, { type, value });
    return true;
  };
  const emailType = Object.keys(types).find((type) => types[type]?.normalForm === 'email');
  let rest = text.replace(ADDRESS, (raw) => {
    const address = raw.replace(/[.!?…]+$/u, '');
    if (!emailType || address.length > LONGEST_ADDRESS) return ' ';
    keep(emailType, address);
    return ' ';
  });
  for (const [type, pattern] of idPatterns(types))
    rest = rest.replace(pattern, (whole, raw: string) => (keep(type, raw) ? ' ' : whole));
  return { identities: [...found.values()], rest };
}

/** A value holds a digit, so that `customer id please` names nobody. */
function idPatterns(types: Platform['identityTypes']): [string, RegExp][] {
  return Object.entries(types)
    .filter(([, { normalForm, points, madeBy }]) => {
      return normalForm === 'text' && points === 'unique' && !madeBy;
    })
    .map(([type]) => {
      const name = type.split('_').join('[ _-]?');
      const value = String.raw`((?=[^\s]*\d)[\p{L}\p{N}][\p{L}\p{N}._-]{0,63})(?<![._])`;
      return [type, new RegExp(`(?<![\\p{L}\\p{N}])${name}\\s*[:=#]?\\s*${value}`, 'giu')];
    });
}
