import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import { askedLongBefore, broughtBack } from './brought-back.ts';
import { enteredWhenRefreshesFail, flowsOfRequests, statesNotEntered } from './entered-states.ts';
import { heldForLoss } from './held-for-loss.ts';
import { openScene } from './scene.ts';
import { patienceMs } from './side-by-side.ts';
import { whenPasswordsChange, whenRefreshesFail } from './when-refreshes-fail.ts';

// On a platform of their own: they break what every request needs, and each snapshot that is kept
// makes the next cycle longer.
let own: OwnPlatform;
beforeAll(async () => {
  own = await ownPlatform({ alsoInSources: async () => {} });
  openScene(own.platform);
  await askedLongBefore();
}, patienceMs);
afterAll(() => own?.stop());

describe('when a refresh fails', () => {
  const acts = { ...whenRefreshesFail, ...heldForLoss, ...whenPasswordsChange };
  for (const [title, run] of Object.entries(acts)) it(title, run, patienceMs);
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
