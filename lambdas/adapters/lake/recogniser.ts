import type { IdentityColumn, IdentityType } from '../../domain/identity.ts';
import { normalise } from '../../domain/normalise.ts';
import {
  piecesOf,
  type Recognition,
  recognitionOf,
  type SuppressionKey,
} from '../../domain/recognising.ts';
import { type Effect, TREATMENTS } from '../../domain/suppression.ts';
import type { RowDecision } from '../engine/asked-in-typescript.ts';

export const CLEARED = TREATMENTS.indexOf('clear');
export const LEFT_OUT = TREATMENTS.indexOf('leaveOut');

/** Somebody to be recognised in one source, and what follows for their rows. */
export interface Recognised extends Recognition {
  requestId: string;
  effect: Effect;
}

/** What a refresh met of people who are suppressed; the rows of each who came back. */
export interface Met {
  leftOut: number;
  cleared: number;
  resurrected: Map<string, number>;
}

/** Recognises suppressed people in the rows of one source, for one extraction. */
export interface Recogniser {
  keys: SuppressionKey[];
  /** For the sieve; hexadecimal. */
  tags: string[];
  /** The columns that are emptied where rows are cleared. */
  clears: ReadonlySet<string>;
  /** How a row is treated, by values `<position of the identity column>:<raw value>`. */
  decide: RowDecision;
  /** Counted so far. */
  met: Met;
}

export function recogniserOf({
  people,
  keys,
  identities,
  identityTypes,
  clears = [],
}: {
  people: Recognised[];
  keys: SuppressionKey[];
  identities: IdentityColumn[];
  identityTypes: Record<string, IdentityType>;
  clears?: string[] | undefined;
}): Recogniser {
  const byMac = new Map<string, Recognised[]>();
  for (const person of people)
    for (const mac of piecesOf(person.macs, 32))
      byMac.set(mac, [...(byMac.get(mac) ?? []), person]);
  const met: Met = { leftOut: 0, cleared: 0, resurrected: new Map() };
  const peopleOf = (candidate: string): Recognised[] => {
    const colon = candidate.indexOf(':');
    const { type = '' } = identities[Number(candidate.slice(0, colon))] ?? {};
    const declared = identityTypes[type];
    const value = declared && normalise(candidate.slice(colon + 1), declared);
    if (value === undefined) return [];
    return keys.flatMap(
      (key) => byMac.get(recognitionOf(key, { type, value }).toString('hex')) ?? [],
    );
  };
  const decide: RowDecision = (candidates) => {
    const found = new Set(candidates.flatMap(peopleOf));
    let treatment = 0;
    for (const { requestId, effect } of found) {
      treatment = Math.max(treatment, TREATMENTS.indexOf(effect.treatment));
      if (effect.resurrected)
        met.resurrected.set(requestId, (met.resurrected.get(requestId) ?? 0) + 1);
    }
    if (treatment === LEFT_OUT) met.leftOut += 1;
    if (treatment === CLEARED) met.cleared += 1;
    return treatment;
  };
  return {
    keys,
    tags: [...new Set(people.flatMap(({ tags }) => piecesOf(tags, 8)))],
    clears: new Set(clears),
    decide,
    met,
  };
}
