import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findWait } from '../../lambdas/adapters/waits.ts';
import { secondsAfter } from '../../lambdas/domain/wait.ts';
import { everyRow } from '../adapters/tables.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';
import { anOpenExport, aRequest, wrong } from './a-loop.ts';
import {
  aPlatformOfItsOwn,
  beginAnew,
  changesEntered,
  changeWait,
  codeTo,
  deploy,
  dueNow,
  forgetBundles,
  mailsTo,
  NEXT,
  OLD,
  OPERATOR,
  overdue,
  overdueUntold,
  registeredNow,
  THIRD,
  visit,
  writes,
} from './an-admin.ts';

beforeAll(aPlatformOfItsOwn);
afterAll(forgetBundles);
beforeEach(beginAnew);

/** Somebody is registered, and a file that names another was deployed and swept. */
async function asked(named: { email: string; packageKey?: string; changeAfter?: string }) {
  await (await deploy({ email: OLD })).sweep({});
  const functions = await deploy(named);
  await functions.sweep({});
  return { functions, ...(await codeTo(OLD)) };
}

const requestAsked = async (email: string) => {
  const functions = await deploy({ email });
  const requestId = await aRequest();
  await functions.askForConfirmation(requestId);
  return { requestId, functions };
};

describe('the first tenant admin', () => {
  it('is registered at once, once, however many sweep; no address stands in the ledger', async () => {
    const { sweep } = await deploy({ email: OLD });
    await Promise.all(Array.from({ length: 4 }, () => sweep({})));
    await sweep({});
    expect(await registeredNow()).toEqual({ email: OLD, changeAfter: '7d' });
    expect(await changesEntered()).toEqual(['adminRegistered']);
    expect(JSON.stringify(await everyRow('ledgerTable'))).not.toContain(OLD);
    expect(await mailsTo(OLD)).toEqual([]);
  });
});

describe('a deployment that names another', () => {
  it('asks the registered one, tells the other and the operator, and changes nothing', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    expect(await registeredNow()).toMatchObject({ email: OLD });
    expect(page).toMatch(/\/change\/[0-9a-f]{32}$/);
    expect(await changesEntered()).toEqual(['adminRegistered', 'adminChangeAsked']);
    expect(JSON.stringify(await everyRow('ledgerTable'))).not.toMatch(/@/);
    const [toNext, ...more] = await mailsTo(NEXT);
    expect(more).toEqual([]);
    expect(toNext?.Subject).toBe('You are named as the tenant admin of demo');
    const toOperator = await mailsTo(OPERATOR);
    expect(toOperator).toHaveLength(1);
    for (const { BodyText } of [toNext, ...toOperator].flatMap((mail) => mail ?? []))
      for (const secret of [code, page]) expect(BodyText).not.toContain(secret);

    await functions.sweep({});
    expect(await mailsTo(OLD)).toHaveLength(1);
    expect(await mailsTo(NEXT)).toHaveLength(1);
  });

  it('lets the other confirm, receive and ask nothing before it takes effect', async () => {
    const { functions } = await asked({ email: NEXT });
    const { requestId } = await requestAsked(NEXT);
    expect((await mailsNaming(requestId)).map(({ To }) => To)).toEqual([[OLD]]);
    await functions.tellHowItEnded(requestId, 1);
    expect((await mailsNaming(requestId)).flatMap(({ To }) => To)).toEqual([OLD, OLD]);
    expect(await writes(functions, NEXT, 'export anna@example.org')).toBe('intake');
    expect(await writes(functions, OLD, 'export anna@example.org')).toBe('request');
    expect((await mailsTo(NEXT)).map(({ Subject }) => Subject)).toEqual([
      'You are named as the tenant admin of demo',
    ]);
  });

  it('takes effect at once when the registered one confirms it, and both are told', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    expect((await visit(functions, page)).text).toContain('takes effect on');
    const { status, text } = await visit(functions, page, { code, answer: 'confirm' });
    expect(status).toBe(200);
    expect(text).toContain('<h1>Confirmed</h1>');
    expect(await registeredNow()).toMatchObject({ email: NEXT });
    await functions.sweep({});
    for (const address of [OLD, NEXT])
      expect((await mailsTo(address)).at(-1)?.Subject).toBe(
        'Another tenant admin is registered for demo',
      );
    expect(await writes(functions, OLD, 'export anna@example.org')).toBe('intake');
    expect(await changesEntered()).toEqual(['adminRegistered', 'adminChangeAsked', 'adminChanged']);
    expect((await visit(functions, page, { code, answer: 'deny' })).status).toBe(410);
  });

  it('takes effect without an answer when the time is over, and both are told', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    const wait = await changeWait(1);
    const week = secondsAfter(new Date(wait?.since ?? ''), 7 * 86_400);
    expect(wait).toMatchObject({ expires: true, role: 'tenantAdmin', deadline: week });
    await overdue(wait);
    expect((await visit(functions, page, { code, answer: 'deny' })).status).toBe(410);
    expect(await registeredNow()).toMatchObject({ email: OLD });
    await functions.sweep({});
    expect(await registeredNow()).toMatchObject({ email: NEXT });
    await functions.sweep({});
    for (const address of [OLD, NEXT])
      expect((await mailsTo(address)).at(-1)?.BodyText).toContain('was not answered in time');
  });

  it('does not take effect by the silence of somebody whom no mail has reached: their time begins anew', async () => {
    const { functions } = await asked({ email: NEXT });
    const mails = (await mailsTo(OLD)).length;
    await overdueUntold(await changeWait(1));
    const before = new Date();
    await functions.sweep({});
    expect(await registeredNow()).toMatchObject({ email: OLD });
    const { deadline = '', toldAt } = (await changeWait(1)) ?? {};
    expect(deadline >= secondsAfter(before, 7 * 86_400)).toBe(true);
    expect(toldAt).toBeDefined();
    expect((await mailsTo(OLD)).length).toBe(mails + 1);
  });

  it('stays without effect when it is denied, also when its time is over, and is not asked again', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    const denied = await visit(functions, page, { code, answer: 'deny' });
    expect(denied.text).toContain('<h1>Denied</h1>');
    await overdue(await changeWait(1));
    for (let i = 0; i < 3; i += 1) await functions.sweep({});
    expect(await registeredNow()).toMatchObject({ email: OLD });
    for (const address of [OLD, NEXT, OPERATOR])
      expect((await mailsTo(address)).at(-1)?.Subject).toBe(
        'The change of the tenant admin was denied for demo',
      );
    expect(await changeWait(2)).toBeUndefined();
    expect(await functions.readDesk({ query: 'admin' })).toMatchObject({
      registered: { email: OLD },
      named: { email: NEXT },
      denied: true,
    });

    await (await deploy({ email: OLD })).sweep({});
    await functions.sweep({});
    expect(await changeWait(2)).toMatchObject({ reasonCode: 'anotherNamed' });
  });

  it('is withdrawn when the file is put back, and its code confirms nothing', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    await (await deploy({ email: OLD })).sweep({});
    expect((await changeWait(1))?.answer).toMatchObject({ option: 'withdrawn' });
    expect((await visit(functions, page, { code, answer: 'confirm' })).status).toBe(410);
    expect(await registeredNow()).toMatchObject({ email: OLD });
    for (const address of [OLD, NEXT])
      expect((await mailsTo(address)).at(-1)?.Subject).toContain('was withdrawn');
  });

  it('is not registered when its time is over in the minute in which the file was put back', async () => {
    await asked({ email: NEXT });
    await overdue(await changeWait(1));
    await (await deploy({ email: OLD })).sweep({});
    expect(await registeredNow()).toMatchObject({ email: OLD });
    expect(await changesEntered()).not.toContain('adminChanged');
  });

  it('gives way to a third, whose time starts anew and whom the code before does not confirm', async () => {
    const first = await asked({ email: NEXT });
    await overdue(await changeWait(1));
    const third = await deploy({ email: THIRD, changeAfter: '1d' });
    await third.sweep({});
    const wait = await changeWait(2);
    expect(wait?.deadline).toBe(secondsAfter(new Date(wait?.since ?? ''), 7 * 86_400));
    const second = await codeTo(OLD);
    expect(second.page).not.toBe(first.page);
    expect((await visit(third, second.page, { code: first.code })).status).toBe(403);
    expect((await visit(third, first.page, { code: first.code })).status).toBe(410);
    expect(await registeredNow()).toMatchObject({ email: OLD });
    expect(await changesEntered()).toEqual([
      ...['adminRegistered', 'adminChangeAsked', 'adminChangeWithdrawn', 'adminChangeAsked'],
    ]);
  });

  it('that only shortens the wait, or only names a key, waits as long, and mails one', async () => {
    const { functions } = await asked({ email: OLD, packageKey: KEY, changeAfter: '1d' });
    expect(await mailsTo(OLD)).toHaveLength(1);
    const wait = await changeWait(1);
    expect(wait?.deadline).toBe(secondsAfter(new Date(wait?.since ?? ''), 7 * 86_400));
    expect(await registeredNow()).toEqual({ email: OLD, changeAfter: '7d' });
    await overdue(wait);
    await functions.sweep({});
    expect(await registeredNow()).toEqual({ email: OLD, packageKey: KEY, changeAfter: '1d' });
  });
});

const KEY = 'age1hjulle5nvsqdcyw52yrss7n6wrt2jy7sfk2ruqllvrh6pqm9zysshcxuvt';

describe('nobody confirms a change', () => {
  it('with a code that was sent for something else, nor anything else with its code', async () => {
    const { requestId } = await requestAsked(OLD);
    const confirmation = await codeTo(OLD);
    const { functions, page, code } = await asked({ email: NEXT });
    expect((await visit(functions, page, { code: confirmation.code })).status).toBe(403);
    expect((await visit(functions, confirmation.page, { code })).status).toBe(403);
    const swapped = confirmation.page.replace('/confirm/', '/change/');
    expect((await visit(functions, swapped, { code: confirmation.code })).status).toBe(404);
    const asRequest = page.replace('/change/', '/confirm/');
    expect((await visit(functions, asRequest, { code })).status).toBe(404);
    const typed = { requestId: 'admin#1', code, via: 'reply' as const };
    expect(await functions.confirmByCode(typed, new Date())).toEqual({ outcome: 'unknown' });
    expect((await findWait(requestId, 'confirmation', 1))?.answer).toBeUndefined();
    expect((await changeWait(1))?.answer).toBeUndefined();
  });

  it('by opening the page and sending every form without the code', async () => {
    const { functions, page } = await asked({ email: NEXT });
    expect((await visit(functions, page)).status).toBe(200);
    for (const form of [{}, { code: '', answer: 'confirm' }, { code: 'true', answer: 'deny' }])
      expect((await visit(functions, page, form as Record<string, string>)).status).toBe(403);
    const { text } = await visit(functions, page);
    for (const address of [OLD, NEXT]) expect(text).not.toContain(address);
    expect((await changeWait(1))?.answer).toBeUndefined();
  });

  it('after five wrong codes, with the right one', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    for (let i = 0; i < 5; i += 1) await visit(functions, page, { code: wrong(code) });
    expect((await visit(functions, page, { code })).status).toBe(423);
    expect(await changeWait(1)).toMatchObject({ reasonCode: 'codeLocked' });
    expect(await registeredNow()).toMatchObject({ email: OLD });
  });

  it('by the desk, where it can only be denied', async () => {
    const { functions } = await asked({ email: NEXT });
    const { wait } = (await functions.readDesk({ query: 'admin' })) as { wait?: object };
    expect(wait).toMatchObject({ waitId: 'admin#1/adminChange#1', expires: true });
    const decide = (option: string) =>
      functions.decide({
        ...{ target: 'admin#1/adminChange#1', option, as: 'operator', by: 'an-operator' },
      });
    expect(await decide('confirmed')).toMatchObject({ outcome: 'notYourRole' });
    expect(await decide('denied')).toMatchObject({ outcome: 'accepted' });
    expect(await decide('denied')).toMatchObject({ outcome: 'alreadyAnswered' });
    expect(await registeredNow()).toMatchObject({ email: OLD });
  });
});

describe('once another admin is registered', () => {
  it('no older code works, and what is open is mailed to them at once', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    const requestId = await anOpenExport();
    await functions.askForConfirmation(requestId);
    const before = await codeTo(OLD);
    await visit(functions, page, { code, answer: 'confirm' });
    expect((await visit(functions, before.page, { code: before.code })).status).toBe(403);

    await functions.sweep({});
    const after = await codeTo(NEXT);
    expect(after.page).toBe(before.page);
    expect((await visit(functions, before.page, { code: before.code })).status).toBe(403);
    expect((await visit(functions, after.page, { code: after.code })).status).toBe(200);
    expect((await findWait(requestId, 'confirmation', 1))?.answer).toMatchObject({
      option: 'confirmed',
    });
    expect((await mailsNaming(requestId)).map(({ To }) => To)).toEqual([[OLD], [NEXT]]);
  });
});

describe('the mail to the registered one', () => {
  it('that comes back is shown, and told to the operator; the time runs on', async () => {
    const { functions } = await asked({ email: NEXT });
    const [mail] = await mailsTo(OLD);
    const bounce = { eventType: 'Bounce', mail: { messageId: mail?.MessageId } };
    const event = { Records: [{ Sns: { Message: JSON.stringify(bounce) } }] };
    expect(await functions.recordBounce(event)).toEqual({ outcome: 'shown' });
    const wait = await changeWait(1);
    expect(wait).toMatchObject({ reasonCode: 'undeliverable', deadline: expect.any(String) });
    expect((await mailsTo(OPERATOR)).at(-1)?.Subject).toBe(
      'The mail about another tenant admin could not be delivered',
    );
  });

  it('is sent again with a new code to remind, and the code before is void', async () => {
    const { functions, page, code } = await asked({ email: NEXT });
    await dueNow(await changeWait(1));
    await functions.sweep({});
    const reminder = (await mailsTo(OLD)).at(-1);
    expect(reminder?.Subject).toContain('Still waiting');
    const newer = await codeTo(OLD);
    expect(newer.page).toBe(page);
    expect((await visit(functions, page, { code })).status).toBe(403);
    expect((await visit(functions, page, { code: newer.code })).status).toBe(200);
    expect(await mailsTo(NEXT)).toHaveLength(1);
  });
});
