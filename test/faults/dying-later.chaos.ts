import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aMonthPasses,
  cleanUpEnded,
  inactivePartitions,
  startCleanUp,
} from '../flows/clean-ups.ts';
import { platform } from '../flows/scene.ts';
import { ledgerOf } from '../flows/tables.ts';
import { expectDeaths, expectWholeLedger } from './deaths.ts';
import { EXPORTED } from './ends.ts';
import { playExport } from './export-story.ts';
import { cleanUpSteps, exportSteps, openHaunted, patienceMs } from './haunted-platform.ts';
import { aPair } from './people.ts';
import { playStory, withSweeper } from './story.ts';
import { journal, makeWorld, type Note } from './world.ts';

const [erased, exported] = [aPair('erased'), aPair('exported')];
let requestId: string;
let end: Awaited<ReturnType<typeof playExport>>;
let cleanUp: Awaited<ReturnType<typeof cleanUpEnded>>;
let ofExport: Note[];
let ofCleanUp: Note[];
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  stop = await openHaunted([erased, exported]);
  makeWorld({});
  requestId = await withSweeper(() => playStory(erased));

  makeWorld({ dies: exportSteps });
  end = await withSweeper(() => playExport(exported));
  ofExport = journal();

  await aMonthPasses();
  makeWorld({ dies: cleanUpSteps });
  cleanUp = await cleanUpEnded(await startCleanUp());
  ofCleanUp = journal();
}, patienceMs);
afterAll(() => stop?.());

describe('a process that dies', () => {
  it.each(exportSteps)('in %s of an export, before its effect, and after it', (step) => {
    expectDeaths(ofExport, step);
  });

  it.each(cleanUpSteps)('in %s of a clean-up, likewise', (step) => {
    expectDeaths(ofCleanUp, step);
  });

  it('leaves every chain of the ledger whole', expectWholeLedger);

  it('leaves an export to end as if nothing had happened', () => {
    expect(end).toEqual(EXPORTED);
  });

  it('leaves nothing that is due, when a clean-up has ended', async () => {
    const { execution, report } = cleanUp;
    expect(execution).toBe('SUCCEEDED');
    expect(report).toMatchObject({ status: 'done', kept: 0, failed: 0, deleted: report.due });
    expect(report.due).toBeGreaterThan(5);
    expect(report.certificatesCompleted).toBe(1);
    // What the broken file left half is only as old as that.
    const left = (await inactivePartitions()).map(({ source, state }) => `${source} ${state}`);
    expect(left).toEqual(['orders building']);
    const certified = await platform.desk.certificate(requestId);
    expect(certified).toHaveProperty('completion.completion.completedAt');
    const events = (await ledgerOf(`request/${requestId}`)).map(({ event }) => event);
    expect(events.filter((event) => event === 'residueGone')).toHaveLength(1);
  });
});
