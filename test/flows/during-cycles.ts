import { expect } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { byNumber, crmDeletes, everybodyDeletes, nextCustomer, othersDelete } from './people.ts';
import { decide, requestErasure, statusOf, untilAsked, untilClosed } from './scene.ts';
import { cycleOf, cycles, ledgerOf, rowOf } from './tables.ts';

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

  async 'puts a request that comes during a cycle into the next'() {
    const person = nextCustomer();
    await everybodyDeletes(person);
    const early = await requestErasure([byNumber(person)]);
    const { cycleId } = await untilInCycle(early);
    const late = await requestErasure([{ type: 'email', value: 'late@post.example' }]);
    const closed = await Promise.all([early, late].map(untilClosed));
    const [first = 0, next = 0] = closed.map(({ request }) => Number(request.cycleId?.slice(2)));
    expect(`c-${first}`).toBe(cycleId);
    expect(next).toBeGreaterThan(first);
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
    const ofTheCycle = await decide(`${requestId}/refreshCycle#1`, 'proven', 'operator');
    // The cycle itself may have answered by now.
    expect(['notAsked', 'alreadyAnswered']).toContain(ofTheCycle.outcome);
    expect(await decide(waitId, 'giveUp', 'operator')).toMatchObject({
      outcome: 'alreadyAnswered',
    });
    expect((await untilClosed(requestId)).outcome).toBe('erased');
    const events = (await ledgerOf(`request/${requestId}`)).map(({ event }) => event);
    expect(events).not.toContain('decided');
  },
};

/** Looked for among all who were side by side, since no two know that they will share a cycle. */
export async function sharedCyclesRefreshOnce(): Promise<void> {
  const shared = (await cycles()).filter(({ members }) => members.length > 1);
  expect(shared).not.toEqual([]);
  for (const { cycleId, sources } of shared) {
    const refreshed = (await ledgerOf(`cycle/${cycleId}`)).flatMap(({ event, facts }) =>
      event === 'sourceRefreshed' && facts?.status === 'successful' ? [facts.source] : [],
    );
    expect(refreshed.sort()).toEqual([...sources].sort());
  }
}
