import { demoPeople, firstFreeNumber, placeholderEmail } from './demo-people.ts';
import type { Person } from './person.ts';
import { type Random, random } from './random.ts';
import { cities, firstNames, lastNames, mailDomains } from './words.ts';

/** A person and the random numbers of their own, so that a larger population holds a smaller one. */
export interface Inhabitant {
  person: Person;
  chance: Random;
}

/** The people of demo-people.ts, and as many others as make `customers` together. */
export function population(customers: number): Inhabitant[] {
  const others = Math.max(0, customers - demoPeople.length);
  return [
    ...demoPeople.map((person, index) => ({ person, chance: random(index) })),
    ...Array.from({ length: others }, (_, index) => {
      const number = firstFreeNumber + index;
      const chance = random(1000 + number);
      return { person: someone(number, chance), chance };
    }),
  ];
}

/** The demo customer of this id; undefined for an id that the demo never gives. */
export function customerOf(customerId: string): Person | undefined {
  const known = demoPeople.find((person) => person.customerId === customerId);
  const number = Number(/^C-(\d{6,7})$/.exec(customerId)?.[1] ?? 0);
  return known ?? (number < firstFreeNumber ? undefined : someone(number, random(1000 + number)));
}

function someone(number: number, chance: Random): Person {
  const firstName = chance.pick(firstNames);
  const lastName = chance.pick(lastNames);
  const email = address(firstName, lastName, number, chance);
  const other = `${letters(lastName)}${number}@${chance.pick(mailDomains)}`;
  const orderEmail = chance.pick([email, email, email, other, undefined]);
  return {
    customerId: `C-${String(number).padStart(6, '0')}`,
    firstName,
    lastName,
    ...(chance.chance(0.8) && { birthday: birthday(chance) }),
    ...(chance.chance(0.9) && { city: chance.pick(cities) }),
    ...(chance.chance(0.7) && { phone: phone(chance) }),
    ...(chance.chance(0.95) && { email }),
    orders: { count: chance.below(6), ...(orderEmail && { email: orderEmail }) },
    ...(chance.chance(0.03) && { guestOrders: { count: 1, email: other } }),
    visits: {
      count: chance.below(4),
      emails: chance.chance(0.1) ? [email, other] : [email],
      signedIn: chance.chance(0.4),
    },
    ...(chance.chance(0.25) && {
      loyalty: {
        loyaltyId: `L-${String(number).padStart(5, '0')}`,
        email: chance.chance(0.2) ? other : email,
        namesCustomer: chance.chance(0.6),
      },
    }),
  };
}

function address(firstName: string, lastName: string, number: number, chance: Random): string {
  if (chance.chance(0.04)) return placeholderEmail;
  return `${letters(firstName)}.${letters(lastName)}.${number}@${chance.pick(mailDomains)}`;
}

/** What is left of a name in an address. */
const letters = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '') || 'kunde';

const birthday = (chance: Random): string => {
  const days = chance.below(365 * 60);
  return new Date(Date.UTC(1945, 0, 1) + days * 86_400_000).toISOString().slice(0, 10);
};

const phone = (chance: Random): string =>
  `+49${chance.pick(['151', '160', '171', '176', '30', '40', '89'])}${1_000_000 + chance.below(9_000_000)}`;
