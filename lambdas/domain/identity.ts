import type { CountryCode } from 'libphonenumber-js';

/** How a raw value becomes comparable; one definition each, in `normalise.ts`. */
export const NORMAL_FORMS = ['email', 'phone', 'text'] as const;
export type NormalForm = (typeof NORMAL_FORMS)[number];

/** A type of identifier as the platform declares it. */
export interface IdentityType {
  normalForm: NormalForm;
  /** `unique` points at one person and is followed from row to row; `shared` never is. */
  points: 'unique' | 'shared';
  /** For phones without a country prefix. */
  defaultCountry?: CountryCode;
  /** The model that makes this key for a person; such a key stands in no source. */
  madeBy?: string;
}

/** One normalised identifier, e.g. `{ type: 'email', value: 'anna@example.com' }`. */
export interface Identity {
  type: string;
  value: string;
}

/** Which column, or path into nested columns (`user.emails[]`), holds identities of which type. */
export interface IdentityColumn {
  type: string;
  column: string;
  /**
   * `text`: it may say anything, and name people among it. It is searched for the person, and links
   * nobody: a comment that names two people does not make them one.
   */
  within?: 'text' | undefined;
}

/** Columns whose whole value is an identity. */
export const wholeColumns = <Column extends { within?: string | undefined }>(
  columns: Column[],
): Column[] => columns.filter(({ within }) => within === undefined);

/** Columns in whose text identities may stand. */
export const textColumns = <Column extends { within?: string | undefined }>(
  columns: Column[],
): Column[] => columns.filter(({ within }) => within === 'text');

/** A subject as everything after the resolution knows it. */
export interface Subject {
  /** Unique in type and in fact: followed, asked for in the sources, and proven absent. */
  unique: Identity[];
  /** Other people's too (a family's phone, an e-mail of two customers): reported, never followed. */
  shared: Identity[];
}

/**
 * Bytes of all identities that are kept of one person. With all that is written beside them, sealed
 * and in base64, they fit into a row of 400 kB: some two thousand, or three hundred of the longest.
 */
export const MOST_BYTES = 100_000;

/** Takes identities as long as there is room for them; once one has none, no further one is taken. */
export function roomFor(bytes = MOST_BYTES) {
  let left = bytes;
  return {
    get isFull() {
      return left < 0;
    },
    takes: (identity: Identity): boolean => {
      if (left >= 0) left -= Buffer.byteLength(JSON.stringify(identity)) + 1;
      return left >= 0;
    },
  };
}

/** A typed identity as one string, for sets and maps. */
export const identityKey = ({ type, value }: Identity): string => `${type}\u0000${value}`;
