import { expect } from '@jest/globals';
import { departing } from '../../infra/local/demo-data/demo-people.ts';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { until } from '../../infra/local/patience.ts';
import { expectSeen } from './as-seen.ts';
import { newcomer } from './before-anybody-asks.ts';
import { inTurn } from './edits.ts';
import { untilNextPass, untilOnly } from './letting-go.ts';
import { mailsAbout, operator, tenantAdmin } from './mailbox.ts';
import {
  byEmail,
  byNumber,
  crmDeletes,
  isInCrm,
  nextCustomer,
  othersDelete,
  signUp,
} from './people.ts';
import {
  certificateOf,
  decide,
  type Given,
  holdingsOf,
  requestErasure,
  statusOf,
  stopExecution,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { letTimePass } from './time.ts';
import { crmCannotTell, crmShowsOnlyWhenAsked, ordersGetLines } from './trouble.ts';

const crmOwner = 'crm-owner@shop.example';

export const waitingForSources = {
  async 'waits while one source still holds the person, tells its owner by id only, and goes on by itself'() {
    const person: Person = departing[0] as Person;
    const who = [byNumber(person), byEmail(person)];
    const before = await holdingsOf(who);
    await othersDelete(person);
    const requestId = await requestErasure(who);

    const { wait, ...waiting } = await untilOnly('crm', requestId);
    expect(wait).toMatchObject({ on: 'sourceOwner', role: 'sourceOwner', reasonCode: 'stillHeld' });
    expect(waiting.request.status).toBe('waiting');
    expect(waiting.verification.crm).toMatchObject({ answer: 'stillHeld', detail: '1 row' });
    expect(waiting.cycle).toBeUndefined();
    await expectSeen(requestId, 'the source’s owner (crm)', 'still held', {
      inList: 'the source’s owner: still held',
      listedOn: "the source's owner",
    });
    const [mail, ...more] = await mailsAbout(requestId, crmOwner);
    expect(more).toEqual([]);
    expect(JSON.stringify(mail).toLowerCase()).not.toContain(person.email?.toLowerCase());

    await crmDeletes(person);
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'erased',
      execution: { status: 'SUCCEEDED' },
    });
    expect(Object.keys(before.tables)).toHaveLength(12);
    expect(await holdingsOf(who)).toEqual({
      sources: { crm: 0, orders: 0, web_events: 0, loyalty: 0 },
      tables: {},
    });
  },

  async 'finds a person who signed up after the last refresh, whom only the source holds'() {
    const who: Given[] = [{ type: 'email', value: newcomer.email }];
    const requestId = await requestErasure(who);
    await untilOnly('crm', requestId);
    await crmDeletes(newcomer);
    expect((await untilClosed(requestId)).outcome).toBe('erased');
  },

  async 'follows a link that only a source had, after the source has let go of it'() {
    const [customerId, email] = ['C-900077', 'linked@newcomers.example'];
    await signUp({ customerId, email });
    const shopDeletes = await ordersGetLines(
      'linked.csv',
      `O-900077,${customerId},,Neo New,1.50,EUR,2026-01-01T10:00:00`,
    );
    const requestId = await requestErasure([{ type: 'email', value: email }]);
    await untilRequest(
      requestId,
      'the CRM was asked',
      ({ verification }) => verification.crm?.answer === 'stillHeld',
    );
    await crmDeletes({ customerId });
    await untilRequest(
      requestId,
      'the shop was asked about the customer’s number',
      ({ verification }) => verification.orders?.answer === 'stillHeld',
    );
    await shopDeletes();
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect((await certificateOf(requestId)).identities.unique).toMatchObject({ customer_id: 1 });
  },

  async 'says that nothing was held, after the same proof, when nobody knows the person'() {
    const requestId = await requestErasure([{ type: 'email', value: 'unknown@post.example' }]);
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'nothingHeld',
      execution: { status: 'SUCCEEDED' },
    });
    expect((await certificateOf(requestId)).proof).toMatchObject({ tables: 13, found: [] });
  },

  async 'escalates when nobody acts, and ends partly erased only by decision, with the source named'() {
    const person = nextCustomer();
    await othersDelete(person);
    const requestId = await requestErasure([byNumber(person)]);
    const { waitId } = (await untilOnly('crm', requestId)).wait;
    const roleAsked = async () => (await statusOf(requestId)).waits[0]?.role;

    await letTimePass(waitId);
    expect(await roleAsked()).toBe('tenantAdmin');
    await letTimePass(waitId);
    expect(await roleAsked()).toBe('operator');
    await letTimePass(waitId);
    expect(await roleAsked()).toBe('operator');
    for (const address of [tenantAdmin, operator])
      expect(await mailsAbout(waitId, address)).not.toEqual([]);

    expect(await decide(waitId, 'giveUp', 'sourceOwner')).toMatchObject({ outcome: 'notYourRole' });
    // Of whatever has not let go, and a file that is rewritten while it is read has not.
    const givenUp = await inTurn(async () => {
      await untilNextPass();
      await untilOnly('crm', requestId);
      return decide(waitId, 'giveUp', 'operator', 'the CRM is closed');
    });
    expect(givenUp).toMatchObject({ outcome: 'accepted' });
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'partlyErased',
      execution: { status: 'FAILED', error: 'PartlyErased' },
    });
    const { gaveUpOn, proof } = await certificateOf(requestId);
    expect(gaveUpOn).toEqual(['source crm']);
    expect(proof?.found).toContainEqual({ kind: 'source', name: 'crm', rows: 1 });
    expect(await isInCrm(person)).toBe(true);
  },

  async 'takes no word for a deletion while the source says that it holds the person'() {
    const person = nextCustomer();
    await othersDelete(person);
    const requestId = await requestErasure([byNumber(person)]);
    const { waitId, options } = (await untilOnly('crm', requestId)).wait;
    expect(options).not.toContain('confirmDeleted');
    expect(await decide(waitId, 'confirmDeleted', 'sourceOwner')).toMatchObject({
      outcome: 'notAnOption',
    });
    await crmDeletes(person);
    expect((await untilClosed(requestId)).outcome).toBe('erased');
  },

  async 'takes the word of its owner for a source that cannot tell'() {
    const person = nextCustomer();
    await othersDelete(person);
    const requestId = await requestErasure([byNumber(person)]);
    const { waitId } = (await untilOnly('crm', requestId)).wait;
    const deletesAtLast = await crmShowsOnlyWhenAsked(person);
    // A pass that was asking the CRM meanwhile writes what it really said.
    await until('the owner may confirm it', async () => {
      await crmCannotTell(requestId);
      const { outcome } = await decide(waitId, 'confirmDeleted', 'sourceOwner');
      return outcome === 'accepted' || undefined;
    });
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect((await certificateOf(requestId)).verification.crm?.answer).toBe('cannotTell');
    await deletesAtLast();
  },

  async 'goes on where it stood when its execution is stopped by hand'() {
    const person = nextCustomer();
    await othersDelete(person);
    const requestId = await requestErasure([byNumber(person)]);
    await untilOnly('crm', requestId);
    await stopExecution(requestId, 1);
    await untilRequest(requestId, 'it was started again', ({ request }) => request.attempt === 2);
    await crmDeletes(person);
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'erased',
      execution: { status: 'SUCCEEDED' },
    });
  },
};
