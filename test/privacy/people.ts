import { normalise } from '../../lambdas/domain/normalise.ts';
import type { Canaries } from './search.ts';

/** Somebody of whom every value is found wherever it stands. */
export interface CanaryPerson {
  customerId: string;
  loyaltyId: string;
  /** As people write them, not in their normal form. */
  email: string;
  phone: string;
  firstName: string;
  lastName: string;
}

/** @param mark capitals and digits that stand nowhere else; three digits at its end */
export const aPerson = (mark: string): CanaryPerson => ({
  customerId: `Kunde-${mark}`,
  loyaltyId: `Treue-${mark}`,
  email: ` Wjörk+${mark}@Kanarien.Example `,
  phone: `(0151) 70 ${mark.slice(-3)}-71 23`,
  firstName: `Wjörkelinde${mark}`,
  lastName: `O'${mark}mannström`,
});

export const subject = aPerson('QZXA417');
export const refused = aPerson('QZXB528');
/** Two who share one address. */
export const pair = { email: 'Paar.QZXC639@Kanarien.Example', ids: ['Kunde-QZXC1', 'Kunde-QZXC2'] };
/** Stands in rows that databases refuse, and quote. */
export const bystander = aPerson('QZXD741');

/** What people type into the fields that are meant for other things. */
export const typed = {
  reference: 'Akte von Frau Wjörkelinde QZXE852, geb. 24.7.',
  refusal: 'Frau QZXF963 hat angerufen, siehe "Anlage 3"',
  decision: 'Gemeint ist die aus Köln, QZXG174',
  cancellation: 'Herr QZXH285 zieht zurück & dankt',
};

const normalForm = (value: string, normalForm: 'email' | 'phone') =>
  normalise(value, { normalForm, defaultCountry: 'DE' }) ?? '';

const canariesOf = (whose: string, person: CanaryPerson): Canaries => ({
  [`customer id of ${whose}`]: [person.customerId],
  [`loyalty id of ${whose}`]: [person.loyaltyId],
  [`e-mail of ${whose}`]: [person.email, normalForm(person.email, 'email')],
  [`phone of ${whose}`]: [person.phone, normalForm(person.phone, 'phone')],
  [`first name of ${whose}`]: [person.firstName],
  [`last name of ${whose}`]: [person.lastName],
});

export const canaries: Canaries = {
  ...canariesOf('the subject', subject),
  ...canariesOf('the refused', refused),
  ...canariesOf('the bystander', bystander),
  'e-mail of the pair': [pair.email, normalForm(pair.email, 'email')],
  'ids of the pair': pair.ids,
  ...Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, [text]])),
};
