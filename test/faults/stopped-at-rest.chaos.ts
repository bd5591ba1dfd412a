import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { untilStoppedByHold } from '../flows/holding.ts';
import { refresh, sourceOf } from '../flows/refreshes.ts';
import {
  decide,
  platform,
  statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from '../flows/scene.ts';
import { crmMovesAway, ordersGetLines } from '../flows/trouble.ts';
import { EXPORTED } from './ends.ts';
import { type ExportRest, playExport } from './export-story.ts';
import { openHaunted, patienceMs, untilHeld } from './haunted-platform.ts';
import { aPair, aPerson, deleteMeant, type Pair } from './people.ts';
import { stopRequestIn, stopTurnIn } from './resting.ts';
import { askToErase, confirm, endOf, numberOf, openByMail, withSweeper } from './story.ts';
import { letGo, makeWorld } from './world.ts';

const by = 'fault-tests';
const [undisturbed, disturbed, exported] = ['quiet', 'haunted', 'exported'].map(aPair) as [
  Pair,
  Pair,
  Pair,
];
const stubborn = aPerson('stubborn');

interface Stopper {
  request(requestId: string, state: string): Promise<void>;
  turn: typeof stopTurnIn;
}
/** @param stopped the states in which somebody has stopped an execution; it grows */
const somebody = (stopped: string[]): Stopper => ({
  request: async (requestId, state) => {
    await stopRequestIn(requestId, state);
    stopped.push(state);
  },
  turn: async (flow, state) => {
    await stopTurnIn(flow, state);
    stopped.push(state);
  },
});
const nobody: Stopper = { request: async () => {}, turn: async () => {} };

/** An erasure that rests wherever one may, but where it waits for packages; each rest is met by the stopper. */
async function restlessErasure(pair: Pair, stopper: Stopper): Promise<string> {
  makeWorld({ holds: ['closeTheDoor'] });
  const requestId = await openByMail(pair);
  await untilAsked(requestId, 'confirmation');
  await stopper.request(requestId, 'Wait for the confirmation');
  await confirm(requestId);
  const { waitId, options } = await untilAsked(requestId, 'whoIsMeant');
  await stopper.request(requestId, 'Wait for the decision who is meant');
  await platform.desk.hold({ requestId, reasonCode: 'litigation', by });
  await decide(waitId, numberOf(pair, options), 'tenantAdmin');
  const held = await untilStoppedByHold(requestId);
  await stopper.request(requestId, 'Wait until the hold is released');
  await decide(held, 'release', 'tenantAdmin');
  await untilRequest(requestId, 'the CRM still holds the person', ({ verification }) =>
    Object.values(verification).some(({ answer }) => answer === 'stillHeld'),
  );
  await stopper.request(requestId, 'Wait until the sources have let go');
  await stopper.turn('VerifySourcesArn', 'Wait until due');
  const isMended = await ordersGetLines('broken.csv', 'O-1,C-1,x@post.example,X,much,EUR,today');
  await deleteMeant(platform, pair);
  await stopper.turn('RefreshCycleArn', 'Collect requests');
  await untilHeld('closeTheDoor');
  await stopper.request(requestId, 'Wait for the refresh cycle');
  letGo('closeTheDoor');
  const asked = await untilAsked(requestId, 'refreshDecision').finally(isMended);
  await stopper.request(requestId, 'Wait for the decision what to do');
  await decide(asked.waitId, 'tryAgain', 'operator');
  await untilAsked(requestId, 'acknowledgement');
  await stopper.request(requestId, 'Wait for a recipient');
  return requestId;
}

const RESTS: Record<ExportRest, string> = {
  confirmation: 'Wait for the confirmation',
  whoIsMeant: 'Wait for the decision who is meant',
  gathering: 'Wait for the gathering',
  collection: 'Wait until it is collected',
  packageKept: 'Wait until the package is due',
};

/** An export likewise, and the gathering that collects it. */
function restlessExport(pair: Pair, stopper: Stopper): ReturnType<typeof playExport> {
  makeWorld({ holds: ['closeTheDoor'] });
  return playExport(pair, async (requestId, rest) => {
    if (rest === 'gathering') {
      await stopper.turn('GatherExportsArn', 'Collect exports');
      await untilHeld('closeTheDoor');
    }
    await stopper.request(requestId, RESTS[rest]);
    if (rest === 'gathering') letGo('closeTheDoor');
  });
}

let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await openHaunted([undisturbed, disturbed, exported, stubborn], 1);
}, patienceMs);
afterAll(() => stop?.());

describe('an execution that is stopped by hand while it rests', () => {
  it(
    'in each place where an erasure, a pass or a cycle does, is followed by another, and everything ends the same',
    async () => {
      const playedBy = (pair: Pair, stopper: Stopper) =>
        withSweeper(async () => endOf(await restlessErasure(pair, stopper)));
      const expected = await playedBy(undisturbed, nobody);
      const stopped: string[] = [];
      expect(await playedBy(disturbed, somebody(stopped))).toEqual(expected);
      expect(stopped).toHaveLength(9);
    },
    2 * patienceMs,
  );

  it(
    'in each place where an export or a gathering does, is followed by another, and the export ends the same',
    async () => {
      const stopped: string[] = [];
      const end = await withSweeper(() => restlessExport(exported, somebody(stopped)));
      expect(end).toEqual(EXPORTED);
      expect(stopped).toEqual([
        ...[RESTS.confirmation, RESTS.whoIsMeant, 'Collect exports'],
        ...[RESTS.gathering, RESTS.collection, RESTS.packageKept],
      ]);
    },
    patienceMs,
  );

  it(
    'in a cycle that waits before it tries a source again, leaves the refresh to the next',
    async () => {
      makeWorld({});
      const isBack = await crmMovesAway();
      const untilCrmIs = (wished: string) =>
        until(`the CRM is ${wished}`, async () => {
          const { status } = await sourceOf('crm');
          return status === wished || undefined;
        });
      const stopsWhileItWaits = async () => {
        await untilCrmIs('failedRetrying');
        await stopTurnIn('RefreshCycleArn', 'Refresh each source');
      };
      await withSweeper(async () => {
        await Promise.all([refresh('crm'), stopsWhileItWaits().finally(isBack)]);
        await untilCrmIs('successful');
      });
    },
    patienceMs,
  );

  it(
    'four times without getting any further, waits on the operator, and goes on when resumed',
    async () => {
      makeWorld({});
      await withSweeper(async () => {
        const requestId = await askToErase(stubborn);
        for (let stops = 0; stops < 4; stops += 1)
          await stopRequestIn(requestId, 'Wait until the sources have let go');
        const { reasonCode, role } = await untilAsked(requestId, 'fault');
        expect({ reasonCode, role }).toEqual({ reasonCode: 'stoppedThreeTimes', role: 'operator' });
        expect((await statusOf(requestId)).request.attempt).toBe(4);
        await deleteMeant(platform, stubborn);
        expect(await platform.desk.resume({ target: requestId, by })).toMatchObject({
          outcome: 'resumed',
        });
        expect(await untilClosed(requestId)).toMatchObject({
          ...{ outcome: 'erased', execution: { status: 'SUCCEEDED' } },
          request: { attempt: 5 },
        });
      });
    },
    patienceMs,
  );
});
