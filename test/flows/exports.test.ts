import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { placeholderEmail } from '../../infra/local/demo-data/demo-people.ts';
import { downloadIn, visit } from '../../infra/local/loop-pages.ts';
import { filesIn } from '../../infra/local/read-zip.ts';
import { sweep } from '../../infra/local/running-platform.ts';
import { testPlatform } from '../emulator/platform.ts';
import { expectSeen } from './as-seen.ts';
import { statesNotEntered } from './entered-states.ts';
import { collected, confirmed, requestExport, untilKept, versionsOf } from './packages.ts';
import { byEmail, byNumber, lastCustomer } from './people.ts';
import {
  certificateOf,
  decide,
  openScene,
  platform,
  statusOf,
  stopExecution,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { patienceMs, sideBySide } from './side-by-side.ts';
import { letTimePass } from './time.ts';
import { collectionOf, confirmationOf, type } from './typed-codes.ts';

beforeAll(async () => {
  openScene(await testPlatform());
}, 900_000);

sideBySide('an export', {
  async 'is handed over once, after a code typed by a person, and is deleted after that'() {
    const person = lastCustomer();
    const requestId = await requestExport([byNumber(person)]);
    const wait = await untilAsked(requestId, 'confirmation');
    expect(wait).toMatchObject({ role: 'tenantAdmin', expires: true });
    await expectSeen(requestId, 'the tenant admin', 'unconfirmed');
    const asked = await confirmationOf(requestId);

    // What a scanner does: it opens the page, and submits the form without the code.
    for (const method of ['GET', 'HEAD'])
      expect((await visit(asked.page, { method })).status).toBe(200);
    expect((await type({ ...asked, code: '' }, { answer: 'confirm' })).status).toBe(403);
    expect((await decide(wait.waitId, 'confirmed', 'operator')).outcome).toBe('notYourRole');
    expect((await statusOf(requestId)).steps.map(({ step }) => step)).toEqual([
      'askForConfirmation',
    ]);

    await confirmed(requestId);
    await untilAsked(requestId, 'collection');
    await expectSeen(requestId, 'the tenant admin', 'uncollected');
    const zip = await collected(requestId);
    const files = await filesIn(zip);
    expect([...files.keys()]).toEqual(expect.arrayContaining(['manifest.json', 'index.html']));
    const everything = [...files.values()].join('\n');
    expect(everything).toContain(person.email);
    const numbers = new Set(everything.match(/C-\d{6}/g));
    expect([...numbers]).toEqual([person.customerId]);

    await untilKept(requestId);
    expect(await decide(`${requestId}/packageKept#1`, 'expired', 'operator')).toMatchObject({
      outcome: 'notAsked',
    });
    const { page } = await collectionOf(requestId);
    const again = await type(await collectionOf(requestId));
    expect(downloadIn(again.text)).toBe('');
    expect((await platform.desk.reissue({ requestId, by: 'flow-tests' })).outcome).toBe('reissued');
    const anew = await collectionOf(requestId);
    expect(anew.page).toBe(page);
    expect((await collected(requestId)).equals(zip)).toBe(true);

    await letTimePass(`${requestId}/packageKept#1`);
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'delivered',
      execution: { status: 'SUCCEEDED' },
    });
    expect(await versionsOf(requestId)).toBe(0);
    const { delivered, subjectCommitments } = await certificateOf(requestId);
    expect(delivered).toMatchObject({
      sha256: createHash('sha256').update(zip).digest('hex'),
      bytes: zip.length,
    });
    expect(subjectCommitments.length).toBeGreaterThan(1);
  },

  async 'expires, and says so, when nobody confirms it in time'() {
    const requestId = await requestExport([byEmail(lastCustomer())]);
    const { waitId } = await untilAsked(requestId, 'confirmation');
    const asked = await confirmationOf(requestId);
    await letTimePass(waitId);
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'expired',
      execution: { status: 'FAILED', error: 'Expired' },
    });
    expect((await type(asked, { answer: 'confirm' })).status).not.toBe(200);
    expect((await certificateOf(requestId)).delivered).toBeUndefined();
  },

  async 'expires when nobody collects its package, which is deleted'() {
    const requestId = await requestExport([byNumber(lastCustomer())]);
    await confirmed(requestId);
    const { waitId } = await untilAsked(requestId, 'collection');
    expect(await versionsOf(requestId)).toBe(1);
    const asked = await collectionOf(requestId);
    await letTimePass(waitId);
    expect(await untilClosed(requestId)).toMatchObject({ outcome: 'expired' });
    expect(await versionsOf(requestId)).toBe(0);
    expect(downloadIn((await type(asked)).text)).toBe('');
  },

  async 'is refused by the same code, with a reason'() {
    const requestId = await requestExport([byNumber(lastCustomer())]);
    await untilAsked(requestId, 'confirmation');
    const asked = await confirmationOf(requestId);
    expect(await type(asked, { answer: 'deny', reason: 'not one of ours' })).toMatchObject({
      status: 200,
    });
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'refused',
      execution: { status: 'SUCCEEDED' },
    });
  },

  async 'asks who is meant by an address of many, and can be cancelled then'() {
    const requestId = await requestExport([{ type: 'email', value: placeholderEmail }]);
    await confirmed(requestId);
    await untilAsked(requestId, 'whoIsMeant');
    await decide(requestId, 'cancelled', 'tenantAdmin');
    expect((await untilClosed(requestId)).outcome).toBe('cancelled');
    expect(await versionsOf(requestId)).toBe(0);
  },

  async 'is cancelled while its package waits, which is deleted'() {
    const requestId = await requestExport([byNumber(lastCustomer())]);
    await confirmed(requestId);
    await untilAsked(requestId, 'collection');
    await decide(requestId, 'cancelled', 'operator');
    expect((await untilClosed(requestId)).outcome).toBe('cancelled');
    expect(await versionsOf(requestId)).toBe(0);
  },

  async 'goes on where it stood when its execution was stopped'() {
    const requestId = await requestExport([byNumber(lastCustomer())]);
    // Stopped before that is written down, it would ask again, by another code.
    await untilRequest(requestId, 'it is written that it was asked for', ({ steps }) =>
      steps.some(({ step }) => step === 'askForConfirmation'),
    );
    await stopExecution(requestId, 1, 'access');
    await confirmed(requestId);
    await sweep(platform);
    await untilAsked(requestId, 'collection');
    expect((await statusOf(requestId)).request.attempt).toBe(2);
    expect([...(await filesIn(await collected(requestId))).keys()]).toContain('manifest.json');
  },
});

describe('all these tests together', () => {
  it(
    'enter every state of export-data',
    async () => {
      expect(await statesNotEntered(['export-data'])).toEqual([]);
    },
    patienceMs,
  );
});
