import { expect } from '@jest/globals';
import {
  bridged,
  family,
  fiftyOrders,
  placeholderEmail,
  sharedEmail,
  sharingOneEmail,
} from '../../infra/local/demo-data/demo-people.ts';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { expectAsked, expectSeen } from './as-seen.ts';
import { tenantAdmin } from './mailbox.ts';
import {
  byEmail,
  byNumber,
  crmDeletes,
  everybodyDeletes,
  isInCrm,
  nextWithPlaceholder,
  withoutAddress,
} from './people.ts';
import {
  certificateOf,
  decide,
  holdingsOf,
  platform,
  requestErasure,
  statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';

const by = 'flow-tests';

async function candidatesOf(requestId: string) {
  const disclosed = await platform.desk.disclose({ target: requestId, by });
  if (disclosed.outcome !== 'disclosed') throw new Error(disclosed.outcome);
  return disclosed.candidates;
}

async function wasAsked(requestId: string): Promise<boolean> {
  const { steps } = await statusOf(requestId);
  return steps.some(({ step }) => step === 'askWhoIsMeant');
}

export const whoIsMeant = {
  async 'asks the tenant admin whom an address of two customers means, and erases that one only'() {
    const [meant, other] = sharingOneEmail as [Person, Person];
    const others = await holdingsOf([byNumber(other)]);
    const requestId = await requestErasure([{ type: 'email', value: sharedEmail }]);

    const wait = await untilAsked(requestId, 'whoIsMeant');
    expect(wait).toMatchObject({ on: 'tenantAdmin', reasonCode: 'ambiguous' });
    expect(wait.options).toEqual(['followNone', 'followAll', 'only-1', 'only-2']);
    await expectSeen(requestId, 'the tenant admin', 'ambiguous');
    await expectAsked(requestId, tenantAdmin);
    const { number } =
      (await candidatesOf(requestId)).find(({ value }) => value === meant.customerId) ?? {};
    await everybodyDeletes(withoutAddress(meant, sharedEmail));
    await decide(wait.waitId, `only-${number}`, 'tenantAdmin');

    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect((await holdingsOf([byNumber(meant)])).tables).toEqual({});
    // Alone with the address, the other is now linked to the visits that were made under it.
    const left = await holdingsOf([byNumber(other)]);
    for (const [table, rows] of Object.entries(others.tables))
      expect(left.tables[table]).toBeGreaterThanOrEqual(rows);
    expect(left.sources).toEqual(others.sources);
    expect((await certificateOf(requestId)).identities).toMatchObject({
      unique: { customer_id: 1 },
      shared: { email: 1 },
    });
  },

  async 'follows an address that hundreds carry to nobody, once somebody has said so'() {
    const person = nextWithPlaceholder();
    const another = nextWithPlaceholder();
    const others = await holdingsOf([byNumber(another)]);
    const requestId = await requestErasure([
      byNumber(person),
      { type: 'email', value: placeholderEmail },
    ]);

    const { waitId } = await untilAsked(requestId, 'whoIsMeant');
    await decide(waitId, 'followNone', 'tenantAdmin');
    await untilRequest(requestId, 'the sources were asked', ({ verification }) =>
      Object.values(verification).some(({ answer }) => answer === 'stillHeld'),
    );
    await everybodyDeletes(withoutAddress(person, placeholderEmail));

    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect((await holdingsOf([byNumber(person)])).tables).toEqual({});
    expect(await holdingsOf([byNumber(another)])).toEqual(others);
    expect(await isInCrm(another)).toBe(true);
  },

  async 'never follows the phone of a family: the relatives stay in every table'() {
    const [leaving, ...staying] = family as [Person, ...Person[]];
    const relatives = () => Promise.all(staying.map((person) => holdingsOf([byNumber(person)])));
    const before = await relatives();
    await everybodyDeletes(leaving);
    const requestId = await requestErasure([
      byEmail(leaving),
      { type: 'phone', value: leaving.phone ?? '' },
    ]);

    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect(await wasAsked(requestId)).toBe(false);
    expect((await holdingsOf([byNumber(leaving)])).tables).toEqual({});
    expect(await relatives()).toEqual(before);
    expect((await certificateOf(requestId)).identities.shared).toEqual({ phone: 1 });
  },

  async 'asks whom a phone means, however it is written, and can be told to cancel'() {
    const requestId = await requestErasure([{ type: 'phone', value: '(0221) 1234-5678' }]);
    const { waitId, options } = await untilAsked(requestId, 'whoIsMeant');
    const numbers = (await candidatesOf(requestId)).map(({ value }) => value);
    expect(numbers).toEqual(expect.arrayContaining([family[1]?.customerId, family[2]?.customerId]));
    expect(options).toContain('only-1');

    await decide(requestId, 'cancelled', 'tenantAdmin');
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'cancelled',
      execution: { status: 'SUCCEEDED' },
    });
    expect(await decide(waitId, 'only-1', 'tenantAdmin')).toMatchObject({
      outcome: 'alreadyAnswered',
    });
  },

  async 'takes a phone that points at nobody for no proof that nothing is held'() {
    const requestId = await requestErasure([{ type: 'phone', value: '+49 30 901820 99' }]);
    const { waitId, reasonCode } = await untilAsked(requestId, 'whoIsMeant');
    expect(reasonCode).toBe('noUniqueIdentity');
    await expectSeen(requestId, 'the tenant admin', 'no unique identity');
    await expectAsked(requestId, tenantAdmin);
    await decide(waitId, 'tryAgain', 'tenantAdmin');
    await untilRequest(requestId, 'it was asked again', ({ waits: [wait] }) =>
      Boolean(wait && wait.waitId !== waitId),
    );
    await decide(requestId, 'refused', 'tenantAdmin', 'nobody knows who that is');
    expect((await untilClosed(requestId)).outcome).toBe('refused');
  },

  async 'asks nobody about a customer with fifty orders'() {
    await everybodyDeletes(fiftyOrders);
    const requestId = await requestErasure([byEmail(fiftyOrders)]);
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect(await wasAsked(requestId)).toBe(false);
  },

  async 'follows a link that only an older partition has'() {
    const requestId = await requestErasure([byNumber(bridged)]);
    await untilRequest(
      requestId,
      'the loyalty programme was asked under the other address',
      ({ verification }) => verification.loyalty?.answer === 'stillHeld',
    );
    await everybodyDeletes(bridged);
    await crmDeletes(bridged);
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    const card = { type: 'loyalty_id', value: bridged.loyalty.loyaltyId };
    expect((await holdingsOf([card])).tables).toEqual({});
  },
};
