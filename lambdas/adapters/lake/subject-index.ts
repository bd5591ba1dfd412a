import { type Identity, type IdentityType, identityKey } from '../../domain/identity.ts';
import { coarseKey, normalise } from '../../domain/normalise.ts';
import { WantedWithin } from '../../domain/within-text/wanted.ts';
import type { AskedSubject } from '../source.ts';

type IdentityTypes = Record<string, IdentityType>;

/** A raw value in a row, under the type that its column declares. */
export interface RawIdentity {
  type: string;
  raw: string;
}

/** Rows that look alike: so many of them hold exactly these candidates. */
export interface Candidate {
  found: RawIdentity[];
  rows: number;
  /** Where many files were searched at once: which of them, in their order. */
  file?: number;
}

/** How many rows hold a subject, and how many of them by which type. */
export interface Held {
  rows: number;
  byType: Map<string, number>;
}

/** Raw values in their normal form, without those that mean nothing. */
export const identitiesOf = (raws: RawIdentity[], identityTypes: IdentityTypes): Identity[] =>
  raws.flatMap(({ type, raw }) => {
    const identityType = identityTypes[type];
    const value = identityType && normalise(raw, identityType);
    return value === undefined ? [] : [{ type, value }];
  });

/** SQL looks for candidates by coarse key; whether they are the subject's is decided here. */
export class SubjectIndex {
  readonly #requests = new Map<string, string[]>();
  readonly #wanted = new Map<string, [type: string, key: string, value: string]>();
  readonly #identities = new Map<string, Identity>();
  readonly #identityTypes: IdentityTypes;
  #within: WantedWithin | undefined;

  constructor(subjects: AskedSubject[], identityTypes: IdentityTypes) {
    this.#identityTypes = identityTypes;
    for (const { requestId, identities } of subjects)
      for (const identity of identities) this.#add(requestId, identity);
  }

  #add(requestId: string, identity: Identity): void {
    const type = this.#identityTypes[identity.type];
    if (!type) return;
    const requests = this.#requests.get(identityKey(identity)) ?? [];
    if (!requests.includes(requestId)) requests.push(requestId);
    this.#requests.set(identityKey(identity), requests);
    this.#identities.set(identityKey(identity), identity);
    const key = coarseKey(identity.value, type.normalForm);
    this.#wanted.set(identityKey(identity), [identity.type, key, identity.value]);
  }

  /** What to look for, each identity once; several may have the same coarse key. */
  get wanted(): [type: string, key: string, value: string][] {
    return [...this.#wanted.values()];
  }

  /** The same, to be looked for inside texts. */
  get within(): WantedWithin {
    this.#within ??= new WantedWithin(this.#identities.values(), this.#identityTypes);
    return this.#within;
  }

  /** Which requests are about the person with this value. */
  requestsOf({ type, raw }: RawIdentity): readonly string[] {
    const identityType = this.#identityTypes[type];
    const value = identityType && normalise(raw, identityType);
    return (value !== undefined && this.#requests.get(identityKey({ type, value }))) || [];
  }

  count(candidates: Iterable<Candidate>): Map<string, Held> {
    const held = new Map<string, Held>();
    for (const { found, rows } of candidates) {
      const types = new Map<string, Set<string>>();
      for (const identity of found)
        for (const requestId of this.requestsOf(identity))
          types.set(requestId, (types.get(requestId) ?? new Set()).add(identity.type));
      for (const [requestId, byType] of types) {
        const subject = held.get(requestId) ?? { rows: 0, byType: new Map() };
        subject.rows += rows;
        for (const type of byType) subject.byType.set(type, (subject.byType.get(type) ?? 0) + rows);
        held.set(requestId, subject);
      }
    }
    return held;
  }
}
