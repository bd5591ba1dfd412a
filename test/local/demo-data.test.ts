import { describe, expect, it } from '@jest/globals';
import {
  bridged,
  departing,
  family,
  fiftyOrders,
  placeholderEmail,
  sharedEmail,
  sharingOneEmail,
} from '../../infra/local/demo-data/demo-people.ts';
import { demoSources } from '../../infra/local/demo-data/sources.ts';

const sources = demoSources(2000);
const orders = [...sources.orderFiles.values()].join('').split('\n');
const events = [...sources.webEventFiles.values()].join('').split('\n');

describe('the demo data', () => {
  it('is the same each time', () => {
    expect(demoSources(300)).toEqual(demoSources(300));
  });

  it('keeps its people when there are more of them', () => {
    expect(sources.crm.slice(0, 298)).toEqual(demoSources(300).crm);
  });

  it('has each departing customer in all four sources', () => {
    for (const { customerId, loyalty } of departing) {
      expect(sources.crm.some((row) => row.customer_id === customerId)).toBe(true);
      expect(orders.some((line) => line.includes(customerId))).toBe(true);
      expect(events.some((line) => line.includes(customerId))).toBe(true);
      expect(sources.loyalty.some((row) => row.loyalty_id === loyalty.loyaltyId)).toBe(true);
    }
  });

  it('has one telephone for a family, and one address for two customers', () => {
    const crmOf = (people: { customerId: string }[]) =>
      sources.crm.filter((row) => people.some(({ customerId }) => customerId === row.customer_id));
    const phones = crmOf(family).map(({ phone }) => phone?.replace(/\D/g, '').slice(-10));
    expect(new Set(phones)).toEqual(new Set(['2112345678']));
    const emails = crmOf(sharingOneEmail).map(({ email }) => email?.trim().toLowerCase());
    expect(emails).toEqual([sharedEmail, sharedEmail]);
  });

  it('has a customer whose only link between two sources is a third', () => {
    const [office, home] = bridged.visits.emails;
    const both = events.filter((line) => {
      const text = line.toLowerCase();
      return text.includes(`${office}`) && text.includes(`${home}`);
    });
    expect(both).toHaveLength(1);
    const row = sources.loyalty.find(({ loyalty_id: id }) => id === bridged.loyalty.loyaltyId);
    expect(row).not.toHaveProperty('customer_id');
  });

  it('has fifty orders of one customer', () => {
    const theirs = orders.filter((line) => line.includes(`,${fiftyOrders.customerId},`));
    expect(theirs).toHaveLength(50);
  });

  it('has a placeholder that many carry, and rows that name nobody', () => {
    const carriers = sources.crm.filter(({ email }) =>
      email?.toLowerCase().includes(placeholderEmail),
    );
    expect(carriers.length).toBeGreaterThan(50);
    expect(events.some((line) => line.includes('"user":null'))).toBe(true);
  });
});
