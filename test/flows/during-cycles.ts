import { expect } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { byNumber, crmDeletes, everybodyDeletes, nextCustomer, othersDelete } from './people.ts';
import {
  decide,
  platform,
  requestErasure,
  statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from './scene.ts';
import { cycleOf, cycles, ledgerOf, rowOf } from './tables.ts';
import { whileCrmIsSlow } from './trouble.ts';

/** Looked up in the table itself, because a cycle may be over before the desk has been asked. */
const untilInCycle = (requestId: string) =>
  until('a cycle carries it', async () =>
    (await cycles()).find(
      ({ phase, members }) =>
        phase === 'refreshing' && members.some((member) => member.requestId === requestId),
    ),
  );

export const duringCycles = {
  async 'closes as cancelled while a cycle carries it, and the cycle’s result is dropped'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const requestId = await requestErasure([byNumber(person)]);
    const { cycleId } = await untilInCycle(requestId);
    await decide(requestId, 'cancelled', 'tenantAdmin');
    expect(await untilClosed(requestId)).toMatchObject({
      outcome: 'cancelled',
      execution: { status: 'SUCCEEDED' },
    });
    const { members } = (await cycleOf(cycleId)) ?? {};
    expect(members).toContainEqual(expect.objectContaining({ requestId }));
    expect(await rowOf('Requests', requestId, 'RESULT#1#cycleResult')).toBeUndefined();
  },

  async 'puts requests that come during a cycle into the next, which refreshes each source once for all'() {
    const people = [nextCustomer(), nextCustomer()];
    await everybodyDeletes(...people);
    const requestIds: string[] = [];
    let during = '';
    await whileCrmIsSlow(async (untilSomebodyWaits) => {
      await platform.desk.refresh({ sources: ['crm'], by: 'flow-tests' });
      await untilSomebodyWaits();
      during = (await rowOf<{ holder: string }>('Catalog', 'LOCK', 'CYCLE'))?.holder ?? '';
      requestIds.push(...(await Promise.all(people.map((who) => requestErasure([byNumber(who)])))));
      for (const requestId of requestIds)
        await untilRequest(requestId, 'it has joined', ({ waits }) =>
          waits.some(({ kind }) => kind === 'refreshCycle'),
        );
    });
    const closed = await Promise.all(requestIds.map(untilClosed));
    const [cycleId = '', ...more] = new Set(closed.map(({ request }) => request.cycleId ?? ''));
    expect(more).toEqual([]);
    expect(Number(cycleId.slice(2))).toBeGreaterThan(Number(during.slice(2)));
    const { members, sources } = (await cycleOf(cycleId)) ?? {};
    for (const requestId of requestIds)
      expect(members).toContainEqual(expect.objectContaining({ requestId }));
    expect(new Set(sources).size).toBe(sources?.length);
  },

  async 'answers decisions that come early, twice, late or from the wrong person with words, and changes nothing'() {
    const person = nextCustomer();
    await othersDelete(person);
    const requestId = await requestErasure([byNumber(person)]);
    const { waitId } = await untilAsked(requestId, 'sourcesLetGo');
    const before = await statusOf(requestId);
    const refusals = [
      [await decide(waitId, 'giveUp', 'sourceOwner'), 'notYourRole'],
      [await decide(waitId, 'sell', 'operator'), 'notAnOption'],
      [await decide(`${requestId}/whatToDo#1`, 'giveUp', 'operator'), 'unknown'],
      [await decide('01ARZ3NDEKTSV4RRFFQ69G5FAV', 'giveUp', 'operator'), 'unknown'],
    ] as const;
    for (const [answer, outcome] of refusals) {
      expect(answer.outcome).toBe(outcome);
      expect(answer.words).toMatch(/\w+ \w+/);
    }
    expect((await statusOf(requestId)).waits).toEqual(before.waits);

    await crmDeletes(person);
    await untilInCycle(requestId);
    expect(await decide(waitId, 'giveUp', 'operator')).toMatchObject({
      outcome: 'alreadyAnswered',
    });
    expect(await decide(`${requestId}/refreshCycle#1`, 'proven', 'operator')).toMatchObject({
      outcome: 'notAsked',
    });
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    const events = (await ledgerOf(`request/${requestId}`)).map(({ event }) => event);
    expect(events).not.toContain('decided');
  },
};
