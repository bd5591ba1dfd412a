import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkChain } from '../../lambdas/domain/evidence/check-chain.ts';
import { chainsOf } from '../../lambdas/domain/evidence/check-ledger.ts';
import { ledgerOf, wholeLedger } from '../flows/tables.ts';
import { playExport } from './export-story.ts';
import {
  exportSteps,
  type Haunted,
  hauntedPlatform,
  notesOf,
  patienceMs,
  steps,
} from './haunted-platform.ts';
import { aPair } from './people.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { journal, makeWorld, type Note } from './world.ts';

/** Whoever makes these calls makes them again, or is found by the next. */
const besides = ['openRequest', 'decide', 'sweep', 'executionEnded'];

let haunted: Haunted;
let notes: Note[];
let end: Haunted['expected'];

const [quietly, disturbed] = [aPair('export-quiet'), aPair('export-haunted')];
const exported: Record<'quiet' | 'disturbed', Note[]> = { quiet: [], disturbed: [] };
let exportsEnd: Awaited<ReturnType<typeof playExport>>;
let exportsExpected: typeof exportsEnd;

beforeAll(async () => {
  haunted = await hauntedPlatform([quietly, disturbed]);
  makeWorld({ dies: [...steps, ...besides] });
  end = await withSweeper(async () => endOf(await playStory(haunted.pair)));
  notes = journal();

  makeWorld({});
  exportsExpected = await playExport(quietly);
  exported.quiet = journal();
  makeWorld({ dies: exportSteps });
  exportsEnd = await withSweeper(() => playExport(disturbed));
  exported.disturbed = journal();
}, patienceMs);
afterAll(() => haunted?.stop());

it('the stories enter every step', () => {
  expect(exportSteps.filter((step) => notesOf(exported.quiet, step).length === 0)).toEqual([]);
  expect(exportsExpected).toMatchObject({
    ...{ outcome: 'delivered', execution: 'SUCCEEDED' },
    ...{ wasKept: true, isLeft: false, isDelivered: true },
  });
  expect(steps.filter((step) => notesOf(haunted.quiet, step).length === 0)).toEqual([]);
  expect(haunted.expected).toMatchObject({ outcome: 'erased', execution: 'SUCCEEDED', found: [] });
  expect(haunted.expected.recipients).toEqual([['offers', true]]);
});

describe('the ledger', () => {
  const eventsIn = async (chain: string) => [
    ...new Set((await ledgerOf(chain)).map(({ event }) => event)),
  ];

  it('tells of a request everything that somebody may have to answer for', async () => {
    const chain = `request/${haunted.requestId}`;
    // Who tidies away that it waited for a source, and whether that is an entry, is a race.
    const events = (await eventsIn(chain)).filter((event) => event !== 'leftTheSource');
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
      ...['requestClosed', 'requestReceived', 'resolveIdentities', 'resolveIdentities-1'],
      ...['settlePackages', 'sourceAnswered', 'sourceOwnerTold', 'sourcesLetGo', 'stateResidue'],
      ...['tellRecipients', 'waitOpened', 'waitTold'],
    ]);
    const entries = await ledgerOf(chain);
    const ofCrm = entries.filter(({ event, facts }) => {
      return event === 'sourceAnswered' && facts?.source === 'crm' && facts.round === 2;
    });
    expect([ofCrm.at(0), ofCrm.at(-1)].map((entry) => entry?.facts?.answer)).toEqual([
      'stillHeld',
      'gone',
    ]);
    const decided = entries.filter(({ event }) => event === 'decided');
    expect(decided.map(({ by, facts }) => [by, facts?.asked, facts?.as, facts?.reason])).toEqual([
      ['tenantAdmin', undefined, undefined, 'none'],
      ['flow-tests', 'ambiguous', 'tenantAdmin', 'none'],
      ['flow-tests', 'litigation', 'tenantAdmin', 'none'],
      ['flow-tests', 'sourceFailed', 'operator', 'none'],
    ]);
  });

  it('tells of a cycle what it read, built, published and scanned', async () => {
    const released = (await ledgerOf(`request/${haunted.requestId}`)).findLast(
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
const expectDeaths = (step: string, disturbedly: Note[], quiet: Note[]): void => {
  const deaths = notesOf(disturbedly, step).flatMap(({ died }) => died ?? []);
  expect(deaths).toContain('before its answer');
  if (notesOf(quiet, step).some(({ changes }) => changes))
    expect(deaths).toContain('before effect 1');
};

describe('a process that dies', () => {
  it.each(steps)('in %s, before its effect, and after it before its answer', (step) => {
    expectDeaths(step, notes, haunted.quiet);
  });

  it.each(exportSteps)('in %s of an export, likewise', (step) => {
    expectDeaths(step, exported.disturbed, exported.quiet);
  });

  it('leaves every chain of the ledger whole', async () => {
    const chains = [...chainsOf(await wholeLedger()).values()];
    expect(chains.length).toBeGreaterThan(4);
    expect(chains.flatMap((entries) => checkChain(entries))).toEqual([]);
  });

  it('leaves everything to end as if nothing had happened', () => {
    expect(end).toEqual(haunted.expected);
    expect(exportsEnd).toEqual(exportsExpected);
  });
});
