import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rowsOf } from '../flows/tables.ts';
import { EXPORTED } from './ends.ts';
import { type ExportRest, playExport } from './export-story.ts';
import { openHaunted, patienceMs, untilHeld } from './haunted-platform.ts';
import { aPair, type Pair } from './people.ts';
import { endOf, openFor, playErasure, playStory, stagesOf, withSweeper } from './story.ts';
import { letGo, makeWorld } from './world.ts';

const [HOUR, DAY] = [3600, 86_400];
const names = ['quiet', 'ahead', 'behind', 'wandering', 'exported'];
const pairs = names.map(aPair) as [Pair, Pair, Pair, Pair, Pair];
const [quiet, ahead, behind, wandering, exported] = pairs;

/** By which clock an export goes on from there. */
const AFTER: Record<ExportRest, number> = {
  confirmation: -HOUR,
  whoIsMeant: HOUR,
  gathering: -HOUR,
  // By the right one: S3 refuses a link that was signed by a clock so wrong.
  collection: 0,
  packageKept: HOUR,
};

let stop: () => Promise<void>;
let expected: Awaited<ReturnType<typeof endOf>>;
beforeAll(async () => {
  stop = await openHaunted(pairs);
  makeWorld({});
  // Not by mail: a code that was sent by another clock than it is typed by has perhaps expired.
  expected = await endOf(await playStory(quiet, openFor));
}, patienceMs);
afterAll(() => stop?.());

/** The story with one clock until the first rest, the next until the second, and so on. */
const erasureBy = (clocks: number[], pair: Pair) =>
  withSweeper(async () => {
    const [first = 0, ...later] = clocks;
    makeWorld({ clocks: [first] });
    const requestId = await openFor(pair);
    for await (const _ of stagesOf(pair, requestId)) makeWorld({ clocks: [later.shift() ?? 0] });
    return endOf(requestId);
  });

/** Whoever has been given too little time by a clock was passed over, and nothing else. */
const butForEscalations = ({ events, ...end }: typeof expected) => {
  const { waitEscalated: _, ...others } = events;
  return { ...end, events: others };
};

/** The same, also of a recipient: who was passed over is certified as told and silent. */
const butForSilence = (end: typeof expected) => {
  const { events, recipients = [], ...others } = butForEscalations(end);
  const { acknowledged = 0, waitAnswered = 0, ...left } = events as Record<string, number>;
  expect(recipients.filter(([, hasAcknowledged]) => hasAcknowledged)).toHaveLength(acknowledged);
  const told = recipients.map(([name]) => name);
  return { ...others, told, ended: acknowledged + waitAnswered, events: left };
};

describe('a clock that jumps', () => {
  it(
    'ahead by forty days and back, twice, makes nobody wait until then',
    async () => {
      const end = await erasureBy([40 * DAY, 0, 40 * DAY, 0], ahead);
      expect(butForEscalations(end)).toEqual(expected);
    },
    patienceMs,
  );

  it(
    'back by an hour, ahead by a day, and back by two changes nothing',
    async () => {
      const end = await erasureBy([0, -HOUR, DAY, -DAY], behind);
      expect(butForEscalations(end)).toEqual(expected);
    },
    patienceMs,
  );

  it(
    'between one call of a function and the next changes nothing, and leaves nothing behind',
    async () => {
      const end = await withSweeper(async () => {
        makeWorld({ clocks: [0, 40 * DAY, -HOUR, DAY, -DAY] });
        const requestId = await openFor(wandering);
        await playErasure(wandering, requestId);
        return endOf(requestId);
      });
      expect(butForSilence(end)).toEqual(butForSilence(expected));
      for (const left of ['VERIFYING', 'QUEUE']) expect(await rowsOf('Catalog', left)).toEqual([]);
    },
    patienceMs,
  );

  it(
    'an hour ahead and an hour behind by turns, from one rest of an export to the next, changes nothing',
    async () => {
      const holds = ['closeTheDoor'];
      makeWorld({ clocks: [HOUR], holds });
      const end = await withSweeper(() =>
        playExport(exported, async (_, rest) => {
          if (rest === 'gathering') {
            await untilHeld('closeTheDoor');
            letGo('closeTheDoor');
          }
          makeWorld({ clocks: [AFTER[rest]], ...(rest !== 'gathering' && { holds }) });
        }),
      );
      expect(end).toEqual(EXPORTED);
    },
    patienceMs,
  );
});
