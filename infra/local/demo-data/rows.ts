import type { Inhabitant } from './population.ts';
import type { Random } from './random.ts';
import { misspellEmail, respellPhone } from './spellings.ts';
import { pages } from './words.ts';

export interface CrmRow {
  customer_id: string;
  email: string | null;
  phone: string | null;
  first_name: string;
  last_name: string;
  birthday: string | null;
  city: string | null;
}

export interface OrderRow {
  order_id: string;
  customer_id: string;
  email: string;
  recipient: string;
  amount: string;
  currency: string;
  ordered_at: string;
}

export interface WebEvent {
  event_id: string;
  occurred_at: string;
  kind: string;
  page: string;
  user: { anonymous_id: string; customer_id: string | null; emails: string[] } | null;
}

export interface LoyaltyRow {
  loyalty_id: string;
  email?: string;
  phone?: string;
  customer_id?: string;
  tier: string;
  points: number;
  joined_on: string;
}

/** A moment of the years 2025 and 2026. */
const moment = (chance: Random): string =>
  new Date(Date.UTC(2025, 0, 1) + chance.below(640 * 86_400) * 1000).toISOString();

const typed = (email: string | undefined, { chance }: Inhabitant) =>
  email === undefined ? undefined : misspellEmail(email, chance);

export function crmRows(one: Inhabitant): CrmRow[] {
  const { person, chance } = one;
  if (person.customerId === undefined) return [];
  return [
    {
      customer_id: person.customerId,
      email: typed(person.email, one) ?? null,
      phone: person.phone ? respellPhone(person.phone, chance) : null,
      first_name: person.firstName,
      last_name: person.lastName,
      birthday: person.birthday ?? null,
      city: person.city ?? null,
    },
  ];
}

export function orderRows(one: Inhabitant): OrderRow[] {
  const { person, chance } = one;
  const order = (customerId: string, email: string | undefined): OrderRow => ({
    order_id: `O-${chance.below(2 ** 32).toString(36)}-${chance.below(2 ** 32).toString(36)}`,
    customer_id: customerId,
    email: typed(email, one) ?? '',
    recipient: `${person.lastName}, ${person.firstName}`,
    amount: (chance.below(25_000) / 100 + 5).toFixed(2),
    currency: 'EUR',
    ordered_at: moment(chance),
  });
  const { orders, guestOrders } = person;
  return [
    ...Array.from({ length: orders.count }, () => order(person.customerId ?? '', orders.email)),
    ...Array.from({ length: guestOrders?.count ?? 0 }, () => order('', guestOrders?.email)),
  ];
}

export function webEvents(one: Inhabitant): WebEvent[] {
  const { person, chance } = one;
  const { count, emails, signedIn } = person.visits;
  return Array.from({ length: count }, () => ({
    event_id: `E-${chance.below(2 ** 32).toString(36)}-${chance.below(2 ** 32).toString(36)}`,
    occurred_at: moment(chance),
    kind: chance.pick(['view', 'view', 'search', 'basket']),
    page: chance.pick(pages),
    user: {
      anonymous_id: `a-${chance.below(2 ** 32).toString(36)}`,
      customer_id: signedIn ? (person.customerId ?? null) : null,
      emails: emails.map((email) => misspellEmail(email, chance)),
    },
  }));
}

/** Somebody who never said who they are. */
export function anonymousEvent(chance: Random): WebEvent {
  const user = { anonymous_id: `a-${chance.below(2 ** 32).toString(36)}`, customer_id: null };
  return {
    event_id: `E-${chance.below(2 ** 32).toString(36)}-${chance.below(2 ** 32).toString(36)}`,
    occurred_at: moment(chance),
    kind: 'view',
    page: chance.pick(pages),
    user: chance.chance(0.3) ? null : { ...user, emails: [] },
  };
}

export function loyaltyRows(one: Inhabitant): LoyaltyRow[] {
  const { person, chance } = one;
  if (person.loyalty === undefined) return [];
  const { loyaltyId, email, namesCustomer } = person.loyalty;
  const spelled = typed(email, one);
  return [
    {
      loyalty_id: loyaltyId,
      ...(spelled && { email: spelled }),
      ...(person.phone && { phone: respellPhone(person.phone, chance) }),
      ...(namesCustomer && person.customerId && { customer_id: person.customerId }),
      tier: chance.pick(['basic', 'basic', 'silver', 'gold']),
      points: chance.below(5000),
      joined_on: moment(chance).slice(0, 10),
    },
  ];
}
