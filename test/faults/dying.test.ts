import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkChain } from '../../lambdas/domain/evidence/check-chain.ts';
import { chainsOf } from '../../lambdas/domain/evidence/check-ledger.ts';
import {
  aMonthPasses,
  cleanUpEnded,
  inactivePartitions,
  startCleanUp,
} from '../flows/clean-ups.ts';
import { platform } from '../flows/scene.ts';
import { ledgerOf, wholeLedger } from '../flows/tables.ts';
import { ERASED, EXPORTED } from './ends.ts';
import { playExport } from './export-story.ts';
import {
  cleanUpSteps,
  exportSteps,
  notesOf,
  openHaunted,
  patienceMs,
  steps,
} from './haunted-platform.ts';
import { aPair } from './people.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { journal, makeWorld, type Note } from './world.ts';

/** Whoever makes these calls makes them again, or is found by the next. */
const called = ['openRequest', 'decide', 'sweep'];

const [erased, exported] = [aPair('erased'), aPair('exported')];
let requestId: string;
let end: Awaited<ReturnType<typeof endOf>>;
let exportsEnd: Awaited<ReturnType<typeof playExport>>;
let cleanUp: Awaited<ReturnType<typeof cleanUpEnded>>;
const notes: Record<'erasure' | 'export' | 'cleanUp', Note[]> = {
  ...{ erasure: [], export: [], cleanUp: [] },
};
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  stop = await openHaunted([erased, exported]);
  makeWorld({ dies: [...steps, ...called] });
  end = await withSweeper(async () => {
    requestId = await playStory(erased);
    return endOf(requestId);
  });
  notes.erasure = journal();

  makeWorld({ dies: exportSteps });
  exportsEnd = await withSweeper(() => playExport(exported));
  notes.export = journal();

  await aMonthPasses();
  makeWorld({ dies: cleanUpSteps });
  cleanUp = await cleanUpEnded(await startCleanUp());
  notes.cleanUp = journal();
}, patienceMs);
afterAll(() => stop?.());

/** Who tidies away that it waited for a source or a cycle, and whether that is an entry. */
const OF_A_RACE = ['leftTheSource', 'leftTheQueue'];

describe('the ledger', () => {
  const eventsIn = async (chain: string) => [
    ...new Set((await ledgerOf(chain)).map(({ event }) => event)),
  ];

  it('tells of a request everything that somebody may have to answer for', async () => {
    const chain = `request/${requestId}`;
    const events = (await eventsIn(chain)).filter((event) => !OF_A_RACE.includes(event));
    expect(events.sort()).toEqual([
      ...[
        'acknowledged',
        'applyDecision',
        'askForConfirmation',
        'askSources',
        'askWhatToDo',
        'askWhoIsMeant',
      ],
      ...['certify', 'codeIssued', 'codeTried', 'decided', 'holdPlaced', 'joinRefreshCycle'],
      ...['lookAtConfirmation', 'lookAtProof', 'notify', 'released'],
      ...[
        'requestClosed',
        'requestReceived',
        'residueGone',
        'resolveIdentities',
        'resolveIdentities-1',
      ],
      ...['settlePackages', 'sourceAnswered', 'sourceOwnerTold', 'sourcesLetGo', 'stateResidue'],
      ...['tellRecipients', 'waitOpened', 'waitTold'],
    ]);
    const entries = await ledgerOf(chain);
    // Which source is asked before the others are deleted from depends on who dies.
    const answers = entries.flatMap(({ event, facts }) =>
      event === 'sourceAnswered' ? [facts?.answer] : [],
    );
    expect(answers).toContain('stillHeld');
    expect(answers.at(-1)).toBe('gone');
    const decided = entries.filter(({ event }) => event === 'decided');
    expect(decided.map(({ by, facts }) => [by, facts?.asked, facts?.as, facts?.reason])).toEqual([
      ['tenantAdmin', undefined, undefined, 'none'],
      ['flow-tests', 'ambiguous', 'tenantAdmin', 'none'],
      ['flow-tests', 'litigation', 'tenantAdmin', 'none'],
      ['flow-tests', 'sourceFailed', 'operator', 'none'],
    ]);
  });

  it('tells of a cycle what it read, built, published and scanned', async () => {
    const released = (await ledgerOf(`request/${requestId}`)).findLast(
      ({ event }) => event === 'released',
    );
    expect(released?.facts).toMatchObject({ outcome: 'proven', foundIn: [], failedSources: [] });
    expect((await eventsIn(`cycle/${released?.by}`)).sort()).toEqual([
      ...['cycleEnded', 'doorClosed', 'residueScanned', 'snapshotPublished'],
      ...['sourceRefreshed', 'tableBuilt', 'tableScanned'],
    ]);
  });

  it('tells by which files the platform goes', async () => {
    expect(await eventsIn('platform')).toContain('platformChanged');
  });
});

/** Of each of its steps: before its first effect, if it has any, and before its answer. */
const expectDeaths = (notes: Note[], step: string): void => {
  const own = notesOf(notes, step);
  const deaths = own.flatMap(({ died }) => died ?? []);
  expect(deaths).toContain('before its answer');
  if (own.some(({ changes }) => changes)) expect(deaths).toContain('before effect 1');
};

describe('a process that dies', () => {
  it.each(steps)('in %s, before its effect, and after it before its answer', (step) => {
    expectDeaths(notes.erasure, step);
  });

  it.each(exportSteps)('in %s of an export, likewise', (step) => {
    expectDeaths(notes.export, step);
  });

  it.each(cleanUpSteps)('in %s of a clean-up, likewise', (step) => {
    expectDeaths(notes.cleanUp, step);
  });

  it.each(called)('in %s, which is called again', (step) => {
    expectDeaths(notes.erasure, step);
  });

  it('leaves every chain of the ledger whole', async () => {
    const chains = [...chainsOf(await wholeLedger()).values()];
    expect(chains.length).toBeGreaterThan(4);
    expect(chains.flatMap((entries) => checkChain(entries))).toEqual([]);
  });

  it('leaves an erasure to end as if nothing had happened', () => {
    expect(end).toEqual(ERASED);
  });

  it('leaves an export to end as if nothing had happened', () => {
    expect(exportsEnd).toEqual(EXPORTED);
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
  });
});
