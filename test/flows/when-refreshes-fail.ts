import { expect } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { mailsAbout } from './mailbox.ts';
import { byEmail, byNumber, everybodyDeletes, nextCustomer } from './people.ts';
import { refresh, sourceOf, tableOf, untilEnded, untilNoCycleRuns } from './refreshes.ts';
import {
  certificateOf,
  decide,
  platform,
  requestErasure,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { cardOfAnotherAge, crmMovesAway, ordersGetLine, webEventsAreEmptied } from './trouble.ts';

const support = 'support@shop.example';
const tenantAdmin = 'tenant-admin@shop.example';

/** One after the other, because they break what every request needs. */
export const whenRefreshesFail = {
  async 'never takes an unreachable source for one that has let go, and goes on when it answers'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const isBack = await crmMovesAway();
    const requestId = await requestErasure([byNumber(person)]);
    const { request } = await untilRequest(
      requestId,
      'the CRM could not be reached',
      ({ verification }) => verification.crm?.answer === 'unreachable',
    );
    expect(request.cycleId).toBeUndefined();
    await isBack();
    expect((await untilClosed(requestId)).outcome).toBe('erased');
  },

  async 'tries a source again that could not be reached, until it can'() {
    await untilNoCycleRuns();
    const isBack = await crmMovesAway();
    const queued = await platform.desk.refresh({ sources: ['crm'], by: 'flow-tests' });
    await until('the CRM is tried again', async () =>
      (await sourceOf('crm')).status === 'failedRetrying' ? true : undefined,
    );
    await isBack();
    if (queued.outcome !== 'queued' || !queued.cycle) throw new Error('No cycle was started.');
    await untilEnded(queued.cycle);
    expect(await sourceOf('crm')).toMatchObject({ status: 'successful', cycleId: queued.cycle });
  },

  async 'keeps the old partition of a source that fails, asks for those who need it, and for nobody else'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const before = await tableOf('orders');
    const isMended = await ordersGetLine(
      'broken.csv',
      'O-1,C-1,x@post.example,X,much,EUR,2026-01-01',
    );
    const needsIt = await requestErasure([byNumber(person)]);
    const doesNot = await requestErasure([{ type: 'loyalty_id', value: 'L-99999' }]);

    const wait = await untilAsked(needsIt, 'refreshDecision');
    expect(wait).toMatchObject({ role: 'operator', reasonCode: 'sourceFailed' });
    expect(await sourceOf('orders')).toMatchObject({
      status: 'failedPermanent',
      cause: expect.stringContaining('broken.csv'),
    });
    expect((await tableOf('orders')).prefix).toBe(before.prefix);
    expect(await mailsAbout('failedPermanent', support)).not.toEqual([]);
    expect((await untilClosed(doesNot)).outcome).toBe('nothingHeld');

    await isMended();
    await decide(wait.waitId, 'tryAgain', 'operator');
    expect((await untilClosed(needsIt)).outcome).toBe('erased');
    expect((await tableOf('orders')).prefix).not.toBe(before.prefix);
  },

  async 'leaves the old snapshot active when a model fails, names its file, and asks the operator'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const before = await tableOf('activities');
    const isMended = await cardOfAnotherAge();
    const requestId = await requestErasure([byNumber(person)]);
    const wait = await untilAsked(requestId, 'refreshDecision').finally(isMended);
    expect(wait).toMatchObject({ role: 'operator', reasonCode: 'buildFailed' });
    expect((await tableOf('activities')).prefix).toBe(before.prefix);
    const [mail] = await mailsAbout('activities.sql', support);
    expect(mail?.Subject).toContain('the downstream refresh failed');

    await decide(wait.waitId, 'tryAgain', 'operator');
    expect((await untilClosed(requestId)).outcome).toBe('erased');
  },

  async 'asks about a text in somebody else’s order that names the person, until the source has cleaned it'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const isCleaned = await ordersGetLine(
      'gifts.csv',
      `O-900017,C-900017,giver@post.example,"For ${person.email}, with love",9.99,EUR,2026-01-01`,
    );
    const requestId = await requestErasure([byNumber(person), byEmail(person)]);
    const wait = await untilAsked(requestId, 'refreshDecision');
    expect(wait).toMatchObject({ role: 'tenantAdmin', reasonCode: 'foundUndeclared' });
    const remedy =
      'source orders, column recipient (1 row): sources.orders.identities: - { type: email, column: recipient, within: text }';
    expect(wait.details).toContain(remedy);
    const [mail] = await mailsAbout(requestId, tenantAdmin);
    expect(mail?.BodyText).toContain(remedy);
    expect(JSON.stringify([wait, mail])).not.toContain(person.email);
    const found = await platform.desk.preview({ identities: [byEmail(person)] });
    expect(found).toMatchObject({
      undeclared: expect.arrayContaining([
        expect.objectContaining({ in: 'source', name: 'orders', column: 'recipient', rows: 1 }),
      ]),
    });

    await isCleaned();
    await decide(wait.waitId, 'tryAgain', 'tenantAdmin');
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    expect((await certificateOf(requestId)).proof).toMatchObject({
      depth: 'deep',
      foundUndeclared: [],
    });
  },

  async 'holds a refresh that would lose everything, until one decision answers for all who need it'() {
    const people = [nextCustomer(), nextCustomer()];
    await everybodyDeletes(...people);
    const isBack = await webEventsAreEmptied();
    const before = await tableOf('web_events');
    const requestIds = await Promise.all(people.map((who) => requestErasure([byNumber(who)])));
    const waits = await Promise.all(requestIds.map((id) => untilAsked(id, 'refreshDecision')));
    for (const wait of waits)
      expect(wait).toMatchObject({ role: 'tenantAdmin', reasonCode: 'heldForLoss' });
    expect((await sourceOf('web_events')).status).toBe('heldForLoss');
    expect((await tableOf('web_events')).rows).toBe(before.rows);

    await decide(waits[0]?.waitId ?? '', 'acceptLoss', 'tenantAdmin', 'the shop is new');
    for (const requestId of requestIds) {
      const { outcome, request } = await untilClosed(requestId);
      expect({ outcome, gaveUpOn: request.gaveUpOn }).toEqual({ outcome: 'erased', gaveUpOn: [] });
      expect((await certificateOf(requestId)).proof?.found).toEqual([]);
    }
    expect((await tableOf('web_events')).rows).toBe(0);
    await isBack();
    await refresh('web_events');
    expect((await tableOf('web_events')).rows).toBeGreaterThan(0);
  },
};
