import { expect } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import type { WaitRow } from '../../lambdas/adapters/waits.ts';
import { expectSeen } from './as-seen.ts';
import { mailsAbout, tenantAdmin } from './mailbox.ts';
import { byNumber, everybodyDeletes, isInCrm, nextCustomer } from './people.ts';
import {
  certificateOf,
  decide,
  platform,
  requestErasure,
  statusOf,
  untilAsked,
  untilClosed,
} from './scene.ts';
import { cycles, ledgerOf, rowOf, rowsOf } from './tables.ts';

const by = 'flow-tests';
export const hold = (requestId: string, note?: string) =>
  platform.desk.hold({ requestId, reasonCode: 'litigation', by, ...(note && { note }) });
export const release = async (requestId: string) =>
  decide(await untilStoppedByHold(requestId), 'release', 'tenantAdmin');

/** The flow has come to where it waits for the release; answers that wait. */
export const untilStoppedByHold = (requestId: string): Promise<string> =>
  until('its flow waits for the release', async () => {
    const waits = await rowsOf<WaitRow>('Requests', requestId, 'WAIT#legalHold#');
    return waits.find(({ taskToken, answer }) => taskToken && !answer)?.waitId;
  });

/** A request that was put on hold after it had joined a cycle; where the cycle is quicker, another. */
async function heldWhileCarried(): Promise<string> {
  for (let tries = 0; tries < 3; tries += 1) {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const requestId = await requestErasure([byNumber(person)]);
    // The desk, which everybody asks, may be too slow to see it.
    await until('it waits for a cycle', () =>
      rowOf<object>('Requests', requestId, 'WAIT#refreshCycle#1'),
    );
    if ((await hold(requestId)).outcome === 'held') return requestId;
  }
  throw new Error('Three requests had ended before they could be held.');
}

export const holding = {
  async 'is asked nowhere and carried by no cycle while it is on hold, and goes on when released'() {
    const person = nextCustomer();
    const requestId = await requestErasure([byNumber(person)]);
    await untilAsked(requestId, 'sourcesLetGo');
    expect(await hold(requestId, 'a case at the county court')).toMatchObject({ outcome: 'held' });
    await untilStoppedByHold(requestId);
    const { request, waits } = await statusOf(requestId);
    expect(request).toMatchObject({ status: 'waiting', legalHold: { reasonCode: 'litigation' } });
    expect(waits).toMatchObject([{ role: 'tenantAdmin', options: ['release'] }]);
    const listedAs = 'the reason of a legal hold';
    await expectSeen(requestId, 'the tenant admin', 'litigation', { listedAs });
    expect(await rowsOf('Catalog', 'VERIFYING', requestId)).toEqual([]);
    expect(await rowOf('Catalog', 'HOLD', requestId)).toMatchObject({ reasonCode: 'litigation' });

    expect(await hold(requestId)).toMatchObject({ outcome: 'refused' });
    expect(await decide(requestId, 'refused', 'tenantAdmin')).toMatchObject({
      outcome: 'notAnOption',
      words: expect.stringContaining('release it first'),
    });
    await everybodyDeletes(person);
    expect(await release(requestId)).toMatchObject({ outcome: 'accepted' });
    const closed = await untilClosed(requestId);
    expect(closed).toMatchObject({ outcome: 'erased', request: { round: 2 } });
    expect((await certificateOf(requestId)).verification.crm).toMatchObject({ answer: 'gone' });
    expect(await rowOf('Catalog', 'HOLD', requestId)).toBeUndefined();
    expect(await hold(requestId)).toMatchObject({ outcome: 'refused' });

    const events = (await ledgerOf(`request/${requestId}`)).map(({ event }) => event);
    expect(events.filter((event) => /^hold|decided/.test(event))).toEqual([
      'holdPlaced',
      'decided',
    ]);
    const mails = await mailsAbout(requestId, tenantAdmin);
    expect(mails.map(({ Subject }) => Subject)).toContain(`Request ${requestId} is on legal hold`);
  },

  async 'leaves the cycle that carries it, whose result counts no more'() {
    const requestId = await heldWhileCarried();
    await untilStoppedByHold(requestId);
    expect(await rowsOf('Catalog', 'QUEUE', requestId)).toEqual([]);
    expect(await rowOf('Requests', requestId, 'CERTIFICATE')).toBeUndefined();
    await release(requestId);
    const { request, outcome } = await untilClosed(requestId);
    expect(outcome).toBe('erased');
    const carrying = (await cycles()).filter(({ members }) =>
      members.some((member) => member.requestId === requestId && member.round === request.round),
    );
    expect(carrying.map(({ cycleId }) => cycleId)).toEqual([request.cycleId]);
  },

  async 'stops at once when it is held before anybody was asked'() {
    const person = nextCustomer();
    const requestId = await requestErasure([byNumber(person)]);
    const held = await hold(requestId);
    expect(held.outcome).toBe('held');
    await untilStoppedByHold(requestId);
    expect((await statusOf(requestId)).request.outcome).toBeUndefined();
    expect(await isInCrm(person)).toBe(true);
    await release(requestId);
    await untilAsked(requestId, 'sourcesLetGo');
    await decide(requestId, 'cancelled', 'tenantAdmin');
    expect((await untilClosed(requestId)).outcome).toBe('cancelled');
  },
};
