import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerOf } from '../flows/tables.ts';
import { expectDeaths, expectWholeLedger } from './deaths.ts';
import { ERASED } from './ends.ts';
import { openHaunted, patienceMs, steps } from './haunted-platform.ts';
import { aPair } from './people.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { journal, makeWorld, type Note } from './world.ts';

/** Whoever makes these calls makes them again, or is found by the next. */
const called = ['openRequest', 'decide', 'sweep'];

const erased = aPair('erased');
let requestId: string;
let end: Awaited<ReturnType<typeof endOf>>;
let notes: Note[];
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  stop = await openHaunted([erased]);
  makeWorld({ dies: [...steps, ...called] });
  end = await withSweeper(async () => {
    requestId = await playStory(erased);
    return endOf(requestId);
  });
  notes = journal();
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
      ...['requestClosed', 'requestReceived', 'resolveIdentities', 'resolveIdentities-1'],
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

describe('a process that dies', () => {
  it.each(steps)('in %s, before its effect, and after it before its answer', (step) => {
    expectDeaths(notes, step);
  });

  it.each(called)('in %s, which is called again', (step) => {
    expectDeaths(notes, step);
  });

  it('leaves every chain of the ledger whole', expectWholeLedger);

  it('leaves an erasure to end as if nothing had happened', () => {
    expect(end).toEqual(ERASED);
  });
});
