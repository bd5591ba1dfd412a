import { expect } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { expectAsked, expectSeen } from './as-seen.ts';
import { mailsAbout, operator, supportContact, tenantAdmin } from './mailbox.ts';
import { byEmail, byNumber, everybodyDeletes, nextCustomer } from './people.ts';
import { sourceOf, tableOf, untilEnded, untilNoCycleRuns } from './refreshes.ts';
import {
  certificateOf,
  decide,
  platform,
  requestErasure,
  statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { ledgerOf } from './tables.ts';
import { crmChangesPassword, crmMovesAway, ordersGetLines, ordersTooDear } from './trouble.ts';

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

  async 'keeps the old partition of a source that fails, asks for those who need it, and for nobody else'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const before = await tableOf('orders');
    const isMended = await ordersGetLines(
      'broken.csv',
      'O-1,C-1,x@post.example,X,much,EUR,2026-01-01',
    );
    const needsIt = await requestErasure([byNumber(person)]);
    const doesNot = await requestErasure([{ type: 'loyalty_id', value: 'L-99999' }]);

    const wait = await untilAsked(needsIt, 'refreshDecision');
    expect(wait).toMatchObject({ role: 'operator', reasonCode: 'sourceFailed' });
    await expectSeen(needsIt, 'the operator', 'source failed');
    await expectAsked(needsIt, operator);
    expect(await sourceOf('orders')).toMatchObject({
      status: 'failedPermanent',
      cause: expect.stringContaining('broken.csv'),
    });
    expect((await tableOf('orders')).prefix).toBe(before.prefix);
    expect(await mailsAbout('failed permanent', supportContact)).not.toEqual([]);
    expect((await untilClosed(doesNot)).outcome).toBe('nothingHeld');

    await isMended();
    await decide(wait.waitId, 'tryAgain', 'operator');
    expect((await untilClosed(needsIt)).outcome).toBe('erased');
    expect((await tableOf('orders')).prefix).not.toBe(before.prefix);
  },

  async 'leaves the old snapshot active when a model fails that reads other models, names its file, and asks the operator'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const before = (await platform.desk.snapshot()).tables;
    const isMended = await ordersTooDear();
    const requestId = await requestErasure([byNumber(person)]);
    const wait = await untilAsked(requestId, 'refreshDecision').finally(isMended);
    expect(wait).toMatchObject({ role: 'operator', reasonCode: 'buildFailed' });
    await expectSeen(requestId, 'the operator', 'build failed');
    await expectAsked(requestId, operator);
    const { cycleId = '' } = (await statusOf(requestId)).request;
    const built = (await ledgerOf(`cycle/${cycleId}`)).filter(
      ({ event }) => event === 'tableBuilt',
    );
    const came = Object.fromEntries(built.map(({ facts }) => [facts?.name, facts?.outcome]));
    expect(came).toMatchObject({ matched: 'built', customers: 'built', customer_value: 'failed' });
    expect((await platform.desk.snapshot()).tables).toEqual(before);
    const [mail] = await mailsAbout('customer_value.sql', supportContact);
    expect(mail?.Subject).toBe(`[${cycleId}] the downstream refresh failed`);

    await decide(wait.waitId, 'tryAgain', 'operator');
    expect((await untilClosed(requestId)).outcome).toBe('erased');
  },

  async 'asks about a text in somebody else’s order that names the person, until the source has cleaned it'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const isCleaned = await ordersGetLines(
      'gifts.csv',
      `O-900017,C-900017,giver@post.example,"For ${person.email}, with love",9.99,EUR,2026-01-01`,
    );
    const requestId = await requestErasure([byNumber(person), byEmail(person)]);
    const wait = await untilAsked(requestId, 'refreshDecision');
    expect(wait).toMatchObject({ role: 'tenantAdmin', reasonCode: 'foundUndeclared' });
    await expectSeen(requestId, 'the tenant admin', 'found undeclared');
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
};

/** After a loss that was accepted. */
export const whenPasswordsChange = {
  async 'tries a source again that refuses the login, until the secret has its new password'() {
    await untilNoCycleRuns();
    const secretFollows = await crmChangesPassword();
    const sources = ['crm', 'web_events'];
    const queued = await platform.desk.refresh({ sources, by: 'flow-tests' });
    await until('the CRM is tried again', async () =>
      (await sourceOf('crm')).status === 'failedRetrying' ? true : undefined,
    );
    expect((await sourceOf('crm')).cause).toContain('refused the login');
    await secretFollows();
    if (queued.outcome !== 'queued' || !queued.cycle) throw new Error('No cycle was started.');
    await untilEnded(queued.cycle);
    expect(await sourceOf('crm')).toMatchObject({ status: 'successful', cycleId: queued.cycle });
    // Nothing was left of the other, as somebody had accepted; a refresh for nobody brings it back.
    expect((await tableOf('web_events')).rows).toBeGreaterThan(0);
  },
};
