import { type Identity, type IdentityType, identityKey } from '../identity.ts';
import { emailKeys, standsAsEmail } from './emails.ts';
import { readings } from './escapes.ts';
import { isTellingPhone, phoneKey, phoneKeys, standsAsPhone } from './phones.ts';
import { anchors, isTelling, standsAsWord, wordsIn } from './words.ts';

/** What separates the elements of a list that is searched as one text. */
export const BETWEEN_ELEMENTS = '\u001f';

interface Wanted extends Identity {
  key: string;
  /** For ids: SQL looks for this beside the key, which many words may share. */
  exact?: string;
  stands(reading: string): boolean;
}

/**
 * Identities that are looked for inside texts of any kind. SQL finds candidates by keys; what
 * `findIn` says is exact: it gives an identity only where `keysIn` has its key.
 */
export class WantedWithin {
  readonly #byKey = new Map<string, Wanted[]>();
  readonly #short = new Map<string, Identity[]>();
  readonly #wanted: Wanted[];

  constructor(identities: Iterable<Identity>, identityTypes: Record<string, IdentityType>) {
    const once = new Map([...identities].map((one) => [identityKey(one), one]));
    const texts = [...once.values()].filter(
      ({ type, value }) => identityTypes[type]?.normalForm === 'text' && isTelling(value),
    );
    const anchorOf = anchors(texts.map(({ value }) => value));
    this.#wanted = [...once.values()].flatMap((identity) => {
      const type = identityTypes[identity.type];
      const wanted = type && wantedAs(identity, type, anchorOf);
      if (type?.normalForm === 'text' && !wanted)
        this.#short.set(identity.value, [...(this.#short.get(identity.value) ?? []), identity]);
      return wanted ? [wanted] : [];
    });
    for (const wanted of this.#wanted)
      this.#byKey.set(wanted.key, [...(this.#byKey.get(wanted.key) ?? []), wanted]);
  }

  /** For the table that keys are joined with. */
  get keys(): [key: string, exact: string | null][] {
    // What is not ASCII may stand escaped in a text.
    const inSql = (exact = '\u0080') => (/\P{ASCII}/u.test(exact) ? null : exact);
    return [
      ...this.#wanted.map(({ key, exact }): [string, string | null] => [key, inSql(exact)]),
      ...[...this.#short.keys()].map((value): [string, null] => [`v${value}`, null]),
    ];
  }

  /** How many of them are looked for inside texts. */
  get size(): number {
    return this.#wanted.length;
  }

  /** Ids that say enough to be looked for as words. */
  get ids(): string[] {
    return this.#wanted.flatMap(({ exact }) => (exact === undefined ? [] : [exact]));
  }

  /** Ids that are looked for as whole values only. */
  get shortIds(): Identity[] {
    return [...this.#short.values()].flat();
  }

  /** Whether it is looked for inside texts, and not as a whole value only. */
  isTelling(identity: Identity): boolean {
    return !(this.#short.get(identity.value) ?? []).some(({ type }) => type === identity.type);
  }

  has(kind: 'email' | 'phone' | 'word'): boolean {
    return this.#wanted.some(({ key }) => key[0] === KIND_OF_KEY[kind]);
  }

  /** Bytes of the shortest spelling of any of them. */
  get shortest(): number {
    return this.#wanted.reduce(
      (least, { key, value }) =>
        Math.min(least, key[0] === KIND_OF_KEY.phone ? 7 : Buffer.byteLength(value)),
      Number.MAX_SAFE_INTEGER,
    );
  }

  /** @param whole whether an id that says little counts where it is the whole value */
  findIn(text: string, { whole }: { whole: boolean }): Identity[] {
    const found = new Map<string, Identity>();
    const add = ({ type, value }: Identity) =>
      found.set(identityKey({ type, value }), { type, value });
    for (const reading of readings(text))
      for (const key of new Set(keysIn(reading)))
        for (const wanted of this.#byKey.get(key) ?? [])
          if (!found.has(identityKey(wanted)) && wanted.stands(reading)) add(wanted);
    if (whole)
      for (const value of text.normalize('NFC').split(BETWEEN_ELEMENTS))
        for (const identity of this.#short.get(value.trim()) ?? []) add(identity);
    return [...found.values()];
  }
}

export const KIND_OF_KEY = { email: 'e', phone: 'p', word: 'w', whole: 'v' } as const;

function keysIn(reading: string): string[] {
  return [
    ...emailKeys(reading).map((key) => `e${key}`),
    ...phoneKeys(reading).map((key) => `p${key}`),
    ...wordsIn(reading).map((word) => `w${word}`),
  ];
}

function wantedAs(
  identity: Identity,
  type: IdentityType,
  anchorOf: Map<string, string>,
): Wanted | undefined {
  const { value } = identity;
  switch (type.normalForm) {
    case 'email':
      return {
        ...identity,
        key: `e${emailKeys(value)[0] ?? ''}`,
        stands: (reading) => standsAsEmail(reading, value),
      };
    case 'phone':
      return isTellingPhone(value)
        ? {
            ...identity,
            key: `p${phoneKey(value)}`,
            stands: (reading) => standsAsPhone(reading, value, type),
          }
        : undefined;
    case 'text':
      return isTelling(value)
        ? {
            ...identity,
            key: `w${anchorOf.get(value)}`,
            exact: value,
            stands: (reading) => standsAsWord(reading, value),
          }
        : undefined;
    default:
      return type.normalForm satisfies never;
  }
}
