import { beforeAll, describe, expect, it } from '@jest/globals';
import { submit } from '../../infra/local/loop-pages.ts';
import { until } from '../../infra/local/patience.ts';
import { sweep } from '../../infra/local/running-platform.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, rowsOf, transact } from '../../lambdas/adapters/dynamo.ts';
import { changedRequest } from '../../lambdas/adapters/requests.ts';
import { findWait, postponed } from '../../lambdas/adapters/waits.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';
import { aLoop, anErasure, type Loop, mailsByAddress, told, wrong } from './a-loop.ts';

let loop: Loop;
beforeAll(async () => {
  loop = await aLoop();
}, 600_000);

const MAILING = 'privacy@mailing.example';
const OFFERS = 'erasures@offers.example';
const BOTH = ['summer_mailing', 'loyal_buyers'];

const waitOf = (requestId: string, which: number) => findWait(requestId, 'acknowledgement', which);
const ledgerOf = (requestId: string) =>
  all(
    rowsOf<{ event: string; facts?: Record<string, unknown> }>(
      configuration().ledgerTable,
      `request/${requestId}`,
    ),
  );

describe('recipients', () => {
  it('are told if the person stood in what they receive, by what they know her by', async () => {
    const { requestId, mails } = await told(loop, 'summer_mailing');
    expect(Object.keys(mails)).toEqual([MAILING]);
    expect(mails[MAILING]?.text).toContain('  - email: anna.schmidt@example.org');
    expect(mails[MAILING]?.text).not.toContain('C-4711');
    const [{ Subject } = { Subject: '' }] = await mailsNaming(requestId);
    expect(Subject).toBe(`Please erase, request ${requestId}`);
    const rows = JSON.stringify([
      await all(rowsOf(configuration().requestsTable, requestId)),
      await ledgerOf(requestId),
    ]);
    expect(rows).not.toContain('anna.schmidt');
  });

  it('are none if she stood in no list: the flow goes straight on', async () => {
    const requestId = await anErasure();
    expect(await loop.steps.tellRecipients(requestId, 1)).toEqual({ outcome: 'settled' });
    expect(await mailsNaming(requestId)).toEqual([]);
  });

  it('are told once, whatever repeats the step', async () => {
    const { requestId } = await told(loop, ...BOTH);
    const waiting = { outcome: 'waiting', wait: 'WAIT#acknowledgement#1' };
    expect(await loop.steps.tellRecipients(requestId, 1)).toEqual(waiting);
    expect(await mailsNaming(requestId)).toHaveLength(2);
  });

  it('acknowledge each with a code of their own, and the last one lets the request go on', async () => {
    const { requestId, mails } = await told(loop, ...BOTH);
    const [mailing, offers] = [mails[MAILING], mails[OFFERS]];
    if (!mailing || !offers) throw new Error('Nobody was told.');
    expect(mailing.page).not.toBe(offers.page);
    expect((await submit(mailing.page, { code: offers.code })).status).toBe(403);
    expect((await submit(mailing.page, {})).status).toBe(403);
    const answer = await submit(mailing.page, { code: mailing.code.toLowerCase() });
    expect(await answer.text()).toContain('<h1>Acknowledged</h1>');
    expect(await loop.steps.tellRecipients(requestId, 1)).toEqual({
      outcome: 'waiting',
      wait: 'WAIT#acknowledgement#2',
    });
    expect((await submit(offers.page, { code: offers.code })).status).toBe(200);
    expect(await loop.steps.tellRecipients(requestId, 1)).toEqual({ outcome: 'settled' });
    expect((await waitOf(requestId, 1))?.answer).toMatchObject({
      option: 'acknowledged',
      by: 'recipient',
    });
    expect((await submit(mailing.page, { code: mailing.code })).status).toBe(410);
    const entries = await ledgerOf(requestId);
    const acknowledged = entries.filter(({ event }) => event === 'acknowledged');
    expect(acknowledged.map(({ facts }) => facts?.recipient)).toEqual(['mailing', 'offers']);
    expect(entries.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['tellRecipients', 'codeIssued', 'waitTold', 'codeTried']),
    );
  });

  it('acknowledge by a reply, each for themselves alone', async () => {
    const { requestId, mails } = await told(loop, ...BOTH);
    const reply = (recipient: string, code = '') =>
      loop.steps.acknowledgeByReply({ requestId, recipient, code, message: recipient }, new Date());
    expect(await reply('offers', mails[MAILING]?.code)).toMatchObject({ outcome: 'wrongCode' });
    expect(await reply('stranger', mails[MAILING]?.code)).toEqual({ outcome: 'unknown' });
    expect(await reply('mailing', mails[MAILING]?.code)).toMatchObject({ outcome: 'accepted' });
    expect((await waitOf(requestId, 2))?.answer).toBeUndefined();
  });

  it('see on the page whom it is about, masked', async () => {
    const { mails } = await told(loop, 'summer_mailing');
    const text = await (await fetch(mails[MAILING]?.page ?? '')).text();
    expect(text).toContain('Is this person erased?');
    expect(text).toContain('email a…t@e….org');
    expect(text).not.toContain('anna.schmidt');
  });

  it('are reminded with a new code, and named in full again', async () => {
    const { requestId, mails } = await told(loop, 'summer_mailing');
    const wait = await waitOf(requestId, 1);
    if (!wait) throw new Error('Nobody was asked.');
    await transact([postponed(wait, new Date(0).toISOString())]);
    await sweep(loop.platform);
    const again = (await mailsByAddress(requestId))[MAILING];
    expect(again?.text).toContain('  - email: anna.schmidt@example.org');
    const { page = '', code } = mails[MAILING] ?? {};
    // The deployed sweep does not know where this emulator answers.
    expect(again?.page.split('/').at(-1)).toBe(page.split('/').at(-1));
    expect(again?.code).not.toBe(code);
    expect((await submit(page, { code: again?.code ?? '' })).status).toBe(200);
    const told1 = await waitOf(requestId, 1);
    expect(told1?.firstToldAt).toBe(wait.firstToldAt);
    expect((await ledgerOf(requestId)).map(({ event }) => event)).toContain('waitReminded');
  });

  it('whose code is locked hear of no command of ours: the operator is told', async () => {
    const { requestId, mails } = await told(loop, 'summer_mailing');
    const { page = '', code = '' } = mails[MAILING] ?? {};
    for (let tries = 0; tries < 5; tries += 1) await submit(page, { code: wrong(code) });
    await sweep(loop.platform);
    const locked = await until('it is told', async () => {
      const found = (await mailsNaming(requestId)).filter(({ Subject }) =>
        Subject.includes('locked'),
      );
      return found.length > 0 ? found : undefined;
    });
    expect(new Set(locked.map(({ To }) => To.join()))).toEqual(new Set(['operator@shop.example']));
  });

  it('keep nobody waiting beyond their time: the deadline goes on without them', async () => {
    const { requestId, mails } = await told(loop, 'summer_mailing');
    const wait = await waitOf(requestId, 1);
    if (!wait) throw new Error('Nobody was asked.');
    await transact([postponed({ ...wait, deadline: new Date(1).toISOString() }, wait.since)]);
    const { page = '', code = '' } = mails[MAILING] ?? {};
    const late = await submit(page, { code });
    expect([late.status, await late.text()]).toEqual([
      410,
      expect.stringContaining('certified without your answer'),
    ]);
    await sweep(loop.platform);
    expect((await waitOf(requestId, 1))?.answer).toMatchObject({ option: 'expired' });
    expect(await loop.steps.tellRecipients(requestId, 1)).toEqual({ outcome: 'settled' });
  });

  it('are not told of a request that is closing, or on hold', async () => {
    const at = new Date().toISOString();
    for (const [outcome, change] of Object.entries({
      closing: { closing: { option: 'cancelled' as const, by: 'x', reasonCode: 'none', at } },
      held: { legalHold: { n: 1, since: at, by: 'x', reasonCode: 'litigation' } },
      nextRound: { round: 2 },
    })) {
      const requestId = await anErasure('summer_mailing');
      await transact([changedRequest(requestId, change)]);
      expect(await loop.steps.tellRecipients(requestId, 1)).toEqual({ outcome });
      expect(await mailsNaming(requestId)).toEqual([]);
    }
  });
});

describe('a mail to a recipient that comes back', () => {
  it('is shown on its wait, and told to the operator, who can send a new code', async () => {
    const bouncing = await loop.stepsTelling('bounce@simulator.amazonses.com');
    const requestId = await anErasure('summer_mailing');
    await bouncing.tellRecipients(requestId, 1);
    await until('the wait shows it', async () =>
      (await waitOf(requestId, 1))?.reasonCode === 'undeliverable' ? true : undefined,
    );
    const mail = await until('the operator is told', async () =>
      (await mailsNaming(requestId)).find(({ To }) => To.includes('operator@shop.example')),
    );
    expect(mail.BodyText).toContain('to the recipient mailing');
    expect(mail.BodyText).not.toContain('anna.schmidt');

    // Declared with an address that takes mail, as after a deployment.
    expect(await loop.steps.reissuePackage(requestId, 'an-operator')).toEqual({
      outcome: 'reissued',
    });
    expect((await waitOf(requestId, 1))?.reasonCode).toBe('unacknowledged');
    const { page = '', code = '' } = (await mailsByAddress(requestId))[MAILING] ?? {};
    expect((await submit(page, { code })).status).toBe(200);
  });
});
