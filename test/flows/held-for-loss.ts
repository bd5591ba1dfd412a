import { expect } from '@jest/globals';
import { expectAsked, expectSeen } from './as-seen.ts';
import { mailsAbout, supportContact, tenantAdmin } from './mailbox.ts';
import { byNumber, everybodyDeletes, nextCustomer } from './people.ts';
import { sourceOf, tableOf } from './refreshes.ts';
import { certificateOf, decide, requestErasure, untilAsked, untilClosed } from './scene.ts';
import { webEventsKeep } from './trouble.ts';

/** Requests of people whom every source has deleted, and who wait because the web events lost rows. */
async function heldTogether(stays: (line: number) => boolean) {
  const people = [nextCustomer(), nextCustomer()];
  await everybodyDeletes(...people);
  const isBack = await webEventsKeep(stays);
  const before = await tableOf('web_events');
  const [one, other] = (await Promise.all(
    people.map((who) => requestErasure([byNumber(who)])),
  )) as [string, string];
  const asked = async (requestId: string) => {
    const wait = await untilAsked(requestId, 'refreshDecision');
    expect(wait).toMatchObject({ role: 'tenantAdmin', reasonCode: 'heldForLoss' });
    return { requestId, waitId: wait.waitId };
  };
  const waits = { one: await asked(one), other: await asked(other) };
  expect((await sourceOf('web_events')).status).toBe('heldForLoss');
  expect((await tableOf('web_events')).prefix).toBe(before.prefix);
  return { ...waits, before, isBack };
}

/** One after the other, because they break what every request needs. */
export const heldForLoss = {
  async 'holds a refresh that would lose most rows: who gives up ends partly erased, the others wait until it is repaired'() {
    const { one, other, before, isBack } = await heldTogether((line) => line % 3 === 0);
    await expectSeen(one.requestId, 'the tenant admin', 'held for loss');
    for (const { requestId } of [one, other]) await expectAsked(requestId, tenantAdmin);
    const warnings = await mailsAbout('[web_events] refresh held', supportContact);
    expect(warnings.at(-1)?.BodyText).toContain(`the active partition has ${before.rows}`);
    expect((await sourceOf('web_events')).decision?.requests).toBe(2);

    await decide(other.waitId, 'giveUp', 'tenantAdmin', 'they lost their archive');
    expect(await untilClosed(other.requestId)).toMatchObject({
      outcome: 'partlyErased',
      request: { gaveUpOn: ['source web_events'] },
      execution: { status: 'FAILED', error: 'PartlyErased' },
    });
    expect((await certificateOf(other.requestId)).gaveUpOn).toEqual(['source web_events']);
    expect((await sourceOf('web_events')).decision).toMatchObject({
      requests: 1,
      wait: { waitId: one.waitId },
    });

    await isBack();
    await decide(one.waitId, 'tryAgain', 'tenantAdmin');
    const { outcome, request } = await untilClosed(one.requestId);
    expect({ outcome, gaveUpOn: request.gaveUpOn }).toEqual({ outcome: 'erased', gaveUpOn: [] });
    const after = await tableOf('web_events');
    expect(after.prefix).not.toBe(before.prefix);
    expect(after.rows).toBeGreaterThan(before.rows / 2);
  },

  async 'holds a refresh that would lose everything, until one decision answers for all who need it'() {
    const { one, other, isBack } = await heldTogether(() => false);
    try {
      await decide(one.waitId, 'acceptLoss', 'tenantAdmin', 'the shop is new');
      for (const { requestId } of [one, other]) {
        const { outcome, request } = await untilClosed(requestId);
        expect({ outcome, gaveUpOn: request.gaveUpOn }).toEqual({
          outcome: 'erased',
          gaveUpOn: [],
        });
        expect((await certificateOf(requestId)).proof?.found).toEqual([]);
      }
      expect((await tableOf('web_events')).rows).toBe(0);
    } finally {
      await isBack();
    }
  },
};
