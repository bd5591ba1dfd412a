import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statusOf, stopExecution, untilAsked } from '../flows/scene.ts';
import { notesOf, openHaunted, patienceMs, steps } from './haunted-platform.ts';
import { aPair, type Pair } from './people.ts';
import { endOf, openByMail, playStory, withSweeper } from './story.ts';
import { BAD_KINDS, type BadKind, journal, makeWorld, type Note } from './world.ts';

/**
 * The first erasure of a platform makes the key by which erased people are recognised, and a function
 * knows the public key for as long as it is warm.
 */
const ONLY_THE_FIRST_TIME = { step: 'certify', operations: ['Encrypt', 'GetPublicKey'] };

/** Made once a mail has left; a mail that does not leave is the sweep's, and so is what follows it. */
const AFTER_A_MAIL: Record<string, string[]> = {
  askForConfirmation: ['UpdateItem'],
  settlePackages: ['UpdateItem'],
  tellRecipients: ['UpdateItem'],
};

/** The next pass is begun by whoever sees first that it is wanted: this step, the minute, or a request. */
const BY_WHOEVER_IS_FIRST: Record<string, string[]> = { endPass: ['StartExecution'] };

/** What people, the minute and the end of an execution call; whoever hears nothing calls again. */
const besides = [
  ...['openRequest', 'decide', 'hold', 'requestRefresh', 'readDesk', 'servePages'],
  ...['sweep', 'executionEnded'],
];

const undisturbed = aPair('quiet');
const played = BAD_KINDS.map((kind) => ({ kind, pair: aPair(`haunted-${kind}`) }));

let stop: () => Promise<void>;
let quiet: Note[];
let expected: Awaited<ReturnType<typeof endOf>>;
beforeAll(async () => {
  stop = await openHaunted([undisturbed, ...played.map(({ pair }) => pair)]);
  makeWorld({ bad: { kind: 'failed', ...ONLY_THE_FIRST_TIME } });
  expected = await withSweeper(async () => endOf(await playStory(undisturbed)));
  quiet = journal();
}, patienceMs);
afterAll(() => stop?.());

/** Somebody stops its first execution, so that what follows an execution's end is called too. */
async function openAndStop(pair: Pair): Promise<string> {
  const requestId = await openByMail(pair);
  await untilAsked(requestId, 'confirmation');
  const { request } = await statusOf(requestId);
  await stopExecution(requestId, request.attempt);
  return requestId;
}

const badCalls = (notes: Note[], step: string) => notesOf(notes, step).filter(({ bad }) => bad);

it('AWS fails to make the key of those who are erased, and to give the public one, as often as the SDK tries', () => {
  const { step, operations } = ONLY_THE_FIRST_TIME;
  const calls = badCalls(quiet, step).map(({ call }) => call);
  for (const operation of operations)
    expect(calls.filter((call) => call === operation)).toHaveLength(5);
  expect(calls).toHaveLength(5 * operations.length);
});

/** Kinds of calls that a step makes in the story, whatever the answers. */
function callsOf(step: string, kind: BadKind): Set<string> {
  const calls = new Set(notesOf(quiet, step).flatMap(({ call }) => call ?? []));
  // In the quiet story too, this step failed, and what it met was kept by a PutItem.
  if (step === ONLY_THE_FIRST_TIME.step)
    for (const call of [...ONLY_THE_FIRST_TIME.operations, 'PutItem']) calls.delete(call);
  for (const call of BY_WHOEVER_IS_FIRST[step] ?? []) calls.delete(call);
  // Of a mail whose answer is lost, the next try hears.
  if (kind !== 'lost') for (const call of AFTER_A_MAIL[step] ?? []) calls.delete(call);
  return calls;
}

describe.each(played)('AWS answers badly ($kind)', ({ kind, pair }) => {
  let notes: Note[];
  let end: typeof expected;
  beforeAll(async () => {
    makeWorld({ bad: { kind } });
    end = await withSweeper(async () => endOf(await playStory(pair, openAndStop)));
    notes = journal();
  }, patienceMs);

  it.each(steps)('to every kind of call of %s, as often as the SDK tries', (step) => {
    expect(notesOf(quiet, step)).not.toEqual([]);
    const times = kind === 'lost' ? 1 : 5;
    for (const call of callsOf(step, kind)) {
      const badly = badCalls(notes, step).filter((note) => note.call === call && note.bad === kind);
      expect({ call, badly: badly.length }).toEqual({ call, badly: times });
    }
  });

  it.each(besides)('to %s, which is called again', (step) => {
    expect(badCalls(notes, step)).not.toEqual([]);
  });

  it('and everything ends as if nothing had happened', () => {
    expect(end).toEqual(expected);
  });
});
