import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { aMonthPasses, cleanUpEnded, cleanUpExecution, startCleanUp } from '../flows/clean-ups.ts';
import { refresh } from '../flows/refreshes.ts';
import { platform } from '../flows/scene.ts';
import { ERASED, EXPORTED } from './ends.ts';
import { playExport } from './export-story.ts';
import {
  cleanUpSteps,
  exportSteps,
  openHaunted,
  patienceMs,
  steps,
  untilHeld,
} from './haunted-platform.ts';
import { aPair, type Pair } from './people.ts';
import { stop as stopExecution, stopWhatIsHeld } from './stopper.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { letGo, makeWorld } from './world.ts';

const [erased, exported, exportedLater] = ['erased', 'exported', 'exported-later'].map(aPair) as [
  Pair,
  Pair,
  Pair,
];
let stop: () => Promise<void>;

beforeAll(async () => {
  stop = await openHaunted([erased, exported, exportedLater]);
}, patienceMs);
afterAll(() => stop?.());

/** Plays a story while each of these steps is stopped in its first execution. */
async function stoppedIn<T>(held: string[], play: () => Promise<T>): Promise<T> {
  makeWorld({ holds: held });
  const stopped: string[] = [];
  const ended = new AbortController();
  const stopping = stopWhatIsHeld(stopped, ended.signal);
  try {
    return await withSweeper(async () => {
      const end = await play();
      // A line's last step goes on after those who waited for the line have ended.
      await until('each is stopped', async () => stopped.length === held.length || undefined);
      return end;
    });
  } finally {
    ended.abort();
    await stopping;
  }
}

describe('an execution that is stopped by hand', () => {
  it(
    'in any step of an erasure, a pass or a cycle is followed by another, and all ends as ever',
    async () => {
      const end = await stoppedIn(steps, async () => endOf(await playStory(erased)));
      expect(end).toEqual(ERASED);
    },
    patienceMs,
  );

  it(
    'in any step of an export or a gathering is followed by another, and all ends as ever',
    async () => {
      // Who is released by a step that was stopped leaves nobody for another gathering to end.
      const [last, others] = [
        'endGathering',
        exportSteps.filter((step) => step !== 'endGathering'),
      ];
      expect(await stoppedIn(others, () => playExport(exported))).toEqual(EXPORTED);
      expect(await stoppedIn([last], () => playExport(exportedLater))).toEqual(EXPORTED);
    },
    patienceMs,
  );

  it(
    'in any step of a clean-up leaves what is due to the next',
    async () => {
      for (const step of cleanUpSteps) {
        makeWorld({});
        await withSweeper(() => refresh('crm'));
        await aMonthPasses();
        makeWorld({ holds: [step] });
        const runId = await startCleanUp();
        await untilHeld(step);
        await stopExecution(runId);
        letGo(step);
        expect(await cleanUpExecution(runId)).toContain('ABORTED');
      }
      makeWorld({});
      await withSweeper(() => refresh('crm'));
      await aMonthPasses();
      const { execution, report } = await cleanUpEnded(await startCleanUp());
      expect(execution).toBe('SUCCEEDED');
      expect(report).toMatchObject({ status: 'done', failed: 0, kept: 0, deleted: report.due });
      expect(report.due).toBeGreaterThan(0);
      expect(await platform.desk.previewCleanUp()).toMatchObject({ outcome: 'listed', due: 0 });
    },
    patienceMs,
  );
});
