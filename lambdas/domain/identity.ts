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
}

/** A subject as everything after the resolution knows it. */
export interface Subject {
  /** Unique in type and in fact: followed, asked for in the sources, and proven absent. */
  unique: Identity[];
  /** Other people's too (a family's phone, an e-mail of two customers): reported, never followed. */
  shared: Identity[];
}

/** A typed identity as one string, for sets and maps. */
export const identityKey = ({ type, value }: Identity): string => `${type}\u0000${value}`;
