import { expect } from '@jest/globals';
import { expectAsked, expectSeen } from './as-seen.ts';
import { untilOnly } from './letting-go.ts';
import { tenantAdmin } from './mailbox.ts';
import { byNumber, crmDeletes, nextCustomer, othersDelete } from './people.ts';
import {
  certificateOf,
  decide,
  requestErasure,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { crmTakesBack, loyaltyGetsCard } from './trouble.ts';

export const comingBack = {
  async 'waits on when a source that had let go takes somebody back while another still holds them'() {
    const person = nextCustomer();
    await othersDelete(person);
    const requestId = await requestErasure([byNumber(person)]);
    const before = await untilOnly('crm', requestId);
    expect(before.verification.loyalty).toMatchObject({ goneSince: expect.any(String) });
    const letsGo = await loyaltyGetsCard('L-900005', { customer_id: person.customerId });
    const { verification } = await untilRequest(
      requestId,
      'the loyalty programme was asked again',
      ({ verification: asked }) => asked.loyalty?.answer === 'stillHeld',
    );
    expect(verification.loyalty).not.toHaveProperty('goneSince');

    await crmDeletes(person);
    const { request } = await untilOnly('loyalty', requestId);
    expect(request.cycleId).toBeUndefined();
    await letsGo();
    expect((await untilClosed(requestId)).outcome).toBe('erased');
  },

  async 'begins another round when a source takes somebody back before it is refreshed'() {
    const person = nextCustomer();
    await othersDelete(person);
    const letsGo = await crmTakesBack(person);
    const requestId = await requestErasure([byNumber(person)]);
    await untilRequest(
      requestId,
      'its cycle published, or is over already',
      ({ request, cycle }) => request.round > 1 || cycle?.phase === 'published',
    );
    await letsGo();

    const { verification } = await untilRequest(
      requestId,
      'the CRM was asked again',
      ({ request, verification: asked }) => request.round > 1 && asked.crm?.answer === 'stillHeld',
    );
    expect(verification.crm?.goneSince).toBeUndefined();
    await crmDeletes(person);
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect((await certificateOf(requestId)).rounds).toBeGreaterThan(1);
  },

  async 'asks somebody when the person keeps coming back, and ends partly erased when they give up'() {
    const person = nextCustomer();
    await othersDelete(person);
    const letsGo = await crmTakesBack(person);
    const requestId = await requestErasure([byNumber(person)]);

    const wait = await untilAsked(requestId, 'refreshDecision');
    expect(wait).toMatchObject({
      role: 'tenantAdmin',
      reasonCode: 'reappearedTooOften',
      options: ['tryAgain', 'giveUp'],
    });
    await expectSeen(requestId, 'the tenant admin', 'reappeared too often');
    await expectAsked(requestId, tenantAdmin);
    await decide(wait.waitId, 'giveUp', 'tenantAdmin');
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'partlyErased',
      execution: { status: 'FAILED', error: 'PartlyErased' },
    });
    const { gaveUpOn, proof, rounds } = await certificateOf(requestId);
    expect({ gaveUpOn, rounds }).toEqual({ gaveUpOn: ['proof'], rounds: 3 });
    expect(proof?.found).toContainEqual({ kind: 'source', name: 'crm', rows: 1 });
    await letsGo();
  },
};
