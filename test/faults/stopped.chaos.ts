import { setTimeout } from 'node:timers/promises';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionArn } from '../../lambdas/adapters/executions.ts';
import { aMonthPasses, cleanUpEnded, startCleanUp } from '../flows/clean-ups.ts';
import { platform, stepFunctions } from '../flows/scene.ts';
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
import { aPair } from './people.ts';
import { stopWhatIsHeld } from './stopper.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { letGo, makeWorld } from './world.ts';

const [erased, exported] = [aPair('erased'), aPair('exported')];
let stop: () => Promise<void>;

beforeAll(async () => {
  stop = await openHaunted([erased, exported]);
}, patienceMs);
afterAll(() => stop?.());

/** Plays a story while each of these steps is stopped in its first execution. */
async function stoppedIn<T>(held: string[], play: () => Promise<T>) {
  makeWorld({ holds: held });
  const ended = new AbortController();
  const stopping = stopWhatIsHeld(ended.signal);
  const end = await withSweeper(play).finally(() => ended.abort());
  return { end, stopped: await stopping };
}

describe('an execution that is stopped by hand', () => {
  it(
    'in any step of an erasure, a pass or a cycle is followed by another, and all ends as ever',
    async () => {
      const { end, stopped } = await stoppedIn(steps, async () => endOf(await playStory(erased)));
      expect(stopped.sort()).toEqual([...steps].sort());
      expect(end).toEqual(ERASED);
    },
    patienceMs,
  );

  it(
    'in any step of an export or a gathering is followed by another, and all ends as ever',
    async () => {
      const { end, stopped } = await stoppedIn(exportSteps, () => playExport(exported));
      expect(stopped.sort()).toEqual([...exportSteps].sort());
      expect(end).toEqual(EXPORTED);
    },
    patienceMs,
  );

  it(
    'in any step of a clean-up leaves what is due to the next',
    async () => {
      await aMonthPasses();
      for (const step of cleanUpSteps) {
        makeWorld({ holds: [step] });
        const runId = await startCleanUp();
        await untilHeld(step);
        const arn = executionArn(platform.outputs.CleanUpInactiveDataArn ?? '', runId);
        await stepFunctions().send(new StopExecutionCommand({ executionArn: arn }));
        letGo(step);
        // What the step does though its execution has ended.
        await setTimeout(3000);
      }
      makeWorld({});
      const { execution, report } = await cleanUpEnded(await startCleanUp());
      expect({
        execution,
        status: report.status,
        failed: report.failed,
        kept: report.kept,
      }).toEqual({
        ...{ execution: 'SUCCEEDED', status: 'done', failed: 0, kept: 0 },
      });
      expect(await platform.desk.previewCleanUp()).toMatchObject({ outcome: 'listed', due: 0 });
    },
    patienceMs,
  );
});
