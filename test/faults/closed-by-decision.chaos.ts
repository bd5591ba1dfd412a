import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import type { Outcome } from '../../lambdas/domain/request.ts';
import { decide, statusOf, untilClosed } from '../flows/scene.ts';
import { rowsOf } from '../flows/tables.ts';
import { openHaunted, patienceMs, patienceSeconds, stepsOf } from './haunted-platform.ts';
import { aPair } from './people.ts';
import { openByMail, playErasure, withSweeper } from './story.ts';
import { journal, letGo, makeWorld } from './world.ts';

/** From the certificate on, no decision changes how a request ends. */
const TOO_LATE = new Set(['notify', 'closeRequest']);
const steps = [
  // While a request is on hold, no decision closes it.
  ...stepsOf('delete-customer-data').filter((step) => step !== 'lookAtHold'),
  ...['askSource', 'closeTheDoor', 'proveAbsence'],
];
const pairs = new Map(steps.map((step) => [step, aPair(`at-${step.toLowerCase()}`)]));

let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await openHaunted([...pairs.values()]);
}, patienceMs);
afterAll(() => stop?.());

const heldIn = (step: string) =>
  until(
    `${step} is held`,
    async () => journal().some((note) => note.step === step && note.held) || undefined,
    patienceSeconds,
  );

describe('a decision to close', () => {
  it.each(steps)(
    'ends a request that is in %s',
    async (step) => {
      const pair = pairs.get(step) ?? aPair(step);
      const option = steps.indexOf(step) % 2 === 0 ? 'cancelled' : 'refused';
      makeWorld({ holds: [step] });
      const end = await withSweeper(async () => {
        const requestId = await openByMail(pair);
        // What the story expects no longer comes once the request is closed.
        const playing = playErasure(pair, requestId).catch(() => {});
        await heldIn(step);
        const decided = await decide(requestId, option, 'tenantAdmin');
        expect(decided.outcome).toBe(TOO_LATE.has(step) ? 'alreadyAnswered' : 'accepted');
        letGo(step);
        const closed = await untilClosed(requestId);
        await playing;
        return { requestId, ...closed };
      });
      const outcome: Outcome = TOO_LATE.has(step) ? 'erased' : option;
      expect(end).toMatchObject({ outcome, execution: { status: 'SUCCEEDED' } });
      expect((await statusOf(end.requestId)).waits).toEqual([]);
      expect(await rowsOf('Catalog', 'VERIFYING', end.requestId)).toEqual([]);
      expect(await rowsOf('Catalog', 'QUEUE', end.requestId)).toEqual([]);
    },
    patienceMs,
  );
});
