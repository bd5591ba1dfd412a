import { expect } from '@jest/globals';
import { departing } from '../../infra/local/demo-data/demo-people.ts';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { hold, release, untilStoppedByHold } from './holding.ts';
import { byEmail, byNumber, byPhone, everybodyDeletes } from './people.ts';
import {
  certificateOf,
  decide,
  platform,
  requestErasure,
  untilAsked,
  untilClosed,
} from './scene.ts';

export const erasedMeanwhile = {
  async 'ends with a certificate of its own when another has erased the person while it waited'() {
    const person = departing[3] as Person;
    const unclear = await requestErasure([byPhone(person)]);
    const held = await requestErasure([byEmail(person)]);
    expect(await hold(held)).toMatchObject({ outcome: 'held' });
    const { waitId } = await untilAsked(unclear, 'whoIsMeant');
    await untilStoppedByHold(held);
    await everybodyDeletes(person);
    const erasing = await requestErasure([byNumber(person)]);
    expect((await untilClosed(erasing)).outcome).toBe('erased');

    await decide(waitId, 'followAll', 'tenantAdmin');
    await release(held);
    for (const [requestId, rounds] of [
      [unclear, 1],
      [held, 2],
    ] as const) {
      expect((await untilClosed(requestId)).outcome).toBe('erased');
      expect(await certificateOf(requestId)).toMatchObject({
        ...{ requestId, rounds, gaveUpOn: [], proof: { found: [] } },
      });
    }
    const recognised = await platform.desk.suppressed();
    for (const requestId of [erasing, unclear, held]) {
      const suppressed = recognised.find((one) => one.requestId === requestId);
      expect(suppressed).toMatchObject({ keptOut: false });
      expect(suppressed).not.toHaveProperty('wait');
    }
  },
};
