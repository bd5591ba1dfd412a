import { inCrm } from '../../infra/local/crm.ts';
import { placeholderEmail } from '../../infra/local/demo-data/demo-people.ts';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { customerOf } from '../../infra/local/demo-data/population.ts';
import { inTurn } from './edits.ts';
import { type Given, platform } from './scene.ts';

/** Numbers of the demo's ordinary customers; a platform of 300 has no more. */
const numbers = Array.from({ length: 260 }, (_, index) => 21 + index);
const customers = numbers.flatMap(
  (number) => customerOf(`C-${String(number).padStart(6, '0')}`) ?? [],
);

const isOrdinary = ({ email, orders, visits }: Person) =>
  email !== undefined && email !== placeholderEmail && orders.count > 0 && visits.count > 0;

/** Stands in no list that the demo hands on: of the erasure of others, recipients are told. */
const isUnlisted = ({ orders, loyalty }: Person) => orders.count < 3 && loyalty === undefined;

const listed = customers
  .filter(isOrdinary)
  .filter(
    ({ orders, visits, loyalty }) =>
      loyalty !== undefined && orders.count >= 3 && orders.count + visits.count >= 6,
  );
const ordinary = customers
  .filter(isOrdinary)
  .filter((person) => !listed.includes(person))
  .sort((a, b) => Number(isUnlisted(b)) - Number(isUnlisted(a)));
const withPlaceholder = customers.filter(({ email }) => email === placeholderEmail);

const next = (people: Person[]): Person => {
  const person = people.shift();
  if (!person) throw new Error('The demo has no more such customers.');
  return person;
};

/** A customer of whom no other test knows: in the CRM, with orders and visits. */
export const nextCustomer = (): Person => next(ordinary);

/** One who also stands in every list that the demo hands on. */
export const nextListed = (): Person => next(listed);

/** One of the same, for tests of another file that play on the same platform. */
export function lastCustomer(): Person {
  const person = ordinary.pop();
  if (!person) throw new Error('The demo has no more such customers.');
  return person;
}

/** One whose row in the CRM has the address that means nobody. */
export const nextWithPlaceholder = (): Person => next(withPlaceholder);

export const byNumber = ({ customerId = '' }: Person): Given => ({
  type: 'customer_id',
  value: customerId,
});
export const byPhone = ({ phone = '' }: Person): Given => ({ type: 'phone', value: phone });
export const byEmail = ({ email = '' }: Person): Given => ({ type: 'email', value: email });

/** Somebody as their owners look for them when an address is other people's too. */
export const withoutAddress = (person: Person, shared: string): Person => {
  const { email: _, orders, visits, ...rest } = person;
  return {
    ...rest,
    orders: { count: orders.count, ...(orders.email !== shared && { email: orders.email }) },
    visits: { ...visits, emails: visits.emails.filter((email) => email !== shared) },
  } as Person;
};

export const crmDeletes = ({ customerId }: Pick<Person, 'customerId'>): Promise<void> =>
  platform.owners.crmClerkDeletes({ customerId } as Person);

/** All owners but the CRM's clerk. */
export async function othersDelete(...people: Person[]): Promise<void> {
  await inTurn(async () => {
    for (const person of people) {
      await platform.owners.shopDeletes(person);
      await platform.owners.webTeamDeletes(person);
      await platform.owners.loyaltyTeamDeletes(person);
    }
  });
}

export async function everybodyDeletes(...people: Person[]): Promise<void> {
  await othersDelete(...people);
  for (const person of people) await crmDeletes(person);
}

/** Puts a row into the CRM, whether anybody has asked or not. */
export async function signUp({ customerId, email }: { customerId: string; email: string }) {
  await inCrm(platform.server, (client) =>
    client.query(
      `INSERT INTO customers (customer_id, email, first_name, last_name) VALUES ($1, $2, 'Neo', 'New')`,
      [customerId, email],
    ),
  );
}

export async function isInCrm({ customerId }: Person): Promise<boolean> {
  const { rowCount } = await inCrm(platform.server, (client) =>
    client.query('SELECT FROM customers WHERE customer_id = $1', [customerId]),
  );
  return rowCount === 1;
}
