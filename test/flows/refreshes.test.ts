import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import { broughtBack } from './brought-back.ts';
import { enteredWhenRefreshesFail, flowsOfRequests, statesNotEntered } from './entered-states.ts';
import { openScene } from './scene.ts';
import { patienceMs } from './side-by-side.ts';
import { whenRefreshesFail } from './when-refreshes-fail.ts';

// On a platform of their own: they break what every request needs, and each snapshot that is kept
// makes the next cycle longer.
let own: OwnPlatform;
beforeAll(async () => {
  own = await ownPlatform({ alsoInSources: async () => {} });
  openScene(own.platform);
}, patienceMs);
afterAll(() => own?.stop());

describe('when a refresh fails', () => {
  for (const [title, run] of Object.entries(whenRefreshesFail)) it(title, run, patienceMs);
});

describe('somebody who was erased, and whom a source brings back', () => {
  for (const [title, run] of Object.entries(broughtBack)) it(title, run, patienceMs);
});

it(
  'enter the states that no other test of the flows enters',
  async () => {
    const missing = await statesNotEntered(flowsOfRequests);
    expect(missing.filter((state) => enteredWhenRefreshesFail.includes(state))).toEqual([]);
  },
  patienceMs,
);
