import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../lambdas/domain/request.ts';
import { CLOSING_OPTIONS } from '../../lambdas/domain/wait.ts';
import { decide, untilClosed } from '../flows/scene.ts';
import { openExport, playOpenExport } from './export-story.ts';
import { exportSteps, openHaunted, patienceMs, stepsOf, untilHeld } from './haunted-platform.ts';
import { expectNothingLeft } from './nothing-left.ts';
import { aPair, aPerson, type Pair } from './people.ts';
import { eraseGone, openByMail, playErasure, withSweeper } from './story.ts';
import { letGo, makeWorld } from './world.ts';

type Option = (typeof CLOSING_OPTIONS)[number];

/** From the certificate on, no decision is taken. */
const TOO_LATE = ['notify', 'closeRequest'];
/** Nobody takes back what was collected: a decision only ends that the package is kept a while. */
const HANDED_OVER = ['lookAtCollection', 'keepPackage', 'deletePackage', 'certify', ...TOO_LATE];

/** While a request is on hold, no decision closes it. */
const ofRequests = stepsOf('delete-customer-data').filter((step) => step !== 'lookAtHold');
/** Only a source that fails for good is warned of, and only a cycle for nobody carries segments over. */
const NOT_FOR_MEMBERS = new Set(['warnSupportContact', 'carryOverSegment']);
const ofLines = [...stepsOf('verify-sources'), ...stepsOf('refresh-cycle')].filter(
  (step) => !NOT_FOR_MEMBERS.has(step),
);

/** What is held too: else whoever is released by that step might have ended before the decision. */
const ALSO_HELD: Record<string, string> = {
  endPass: 'joinRefreshCycle',
  endCycle: 'lookAtProof',
  endGathering: 'packageExport',
};

interface At {
  step: string;
  option: Option;
  pair: Pair;
}
const withOptions = (steps: string[], person: typeof aPair, kind = 'erasure'): At[] =>
  steps.flatMap((step) =>
    CLOSING_OPTIONS.map((option) => {
      const pair = person(`${kind}-${option}-in-${step.toLowerCase()}`);
      return { step, option, pair };
    }),
  );
const inTheStory = withOptions([...ofRequests, 'warnSupportContact'], aPair);
const inTheLines = withOptions(ofLines, aPerson);
const inTheExport = withOptions(exportSteps, aPair, 'export');

let stop: () => Promise<void>;
beforeAll(async () => {
  const played = [...inTheStory, ...inTheLines, ...inTheExport];
  stop = await openHaunted(played.map(({ pair }) => pair));
}, patienceMs);
afterAll(() => stop?.());

interface Played {
  requestId: string;
  /** What the story expects no longer comes once the request is closed. */
  playing: Promise<unknown>;
  /** How it ends when nobody closes it, and in which steps nobody can change that. */
  ends: { as: Outcome; whateverIn: string[] };
}

const ERASED = { as: 'erased' as const, whateverIn: TOO_LATE };

async function wholeStory(pair: Pair): Promise<Played> {
  const requestId = await openByMail(pair);
  return { requestId, playing: playErasure(pair, requestId).catch(() => {}), ends: ERASED };
}

const straightErasure = async (pair: Pair): Promise<Played> => ({
  requestId: await eraseGone(pair),
  playing: Promise.resolve(),
  ends: ERASED,
});

async function wholeExport(pair: Pair): Promise<Played> {
  const requestId = await openExport(pair);
  return {
    requestId,
    playing: playOpenExport(pair, requestId).catch(() => {}),
    ends: { as: 'delivered', whateverIn: HANDED_OVER },
  };
}

async function closesWhileHeld(
  { step, option, pair }: At,
  play: (pair: Pair) => Promise<Played>,
): Promise<void> {
  const isTooLate = TOO_LATE.includes(step);
  const holds = [step, ...(ALSO_HELD[step] ? [ALSO_HELD[step]] : [])];
  makeWorld({ holds });
  const end = await withSweeper(async () => {
    const { requestId, playing, ends } = await play(pair);
    await untilHeld(step);
    const decided = await decide(requestId, option, 'tenantAdmin');
    expect(decided.outcome).toBe(isTooLate ? 'alreadyAnswered' : 'accepted');
    for (const held of holds) letGo(held);
    const closed = await untilClosed(requestId);
    await playing;
    return { requestId, expected: ends.whateverIn.includes(step) ? ends.as : option, ...closed };
  });
  expect(end).toMatchObject({
    outcome: end.expected,
    execution: { status: 'SUCCEEDED' },
  });
  await expectNothingLeft(end.requestId);
}

describe('a decision to close', () => {
  it.each(inTheStory)(
    'ends a request that is in $step as $option',
    (at) => closesWhileHeld(at, wholeStory),
    patienceMs,
  );

  it.each(inTheLines)(
    'ends a request that waits for $step as $option',
    (at) => closesWhileHeld(at, straightErasure),
    patienceMs,
  );

  it.each(inTheExport)(
    'ends an export that is in, or waits for, $step as $option',
    (at) => closesWhileHeld(at, wholeExport),
    patienceMs,
  );
});
