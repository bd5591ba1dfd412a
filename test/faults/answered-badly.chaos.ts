import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notesOf, openHaunted, patienceMs, steps } from './haunted-platform.ts';
import { aPair } from './people.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { journal, makeWorld, type Note } from './world.ts';

/** The first erasure of a platform makes the key by which erased people are recognised. */
const ONLY_THE_FIRST_TIME: Record<string, string[]> = { certify: ['Encrypt'] };

/** Made once a mail has left; a mail that does not leave is the sweep's, and so is what follows it. */
const AFTER_A_MAIL: Record<string, string[]> = {
  askForConfirmation: ['UpdateItem'],
  settlePackages: ['UpdateItem'],
  tellRecipients: ['UpdateItem'],
};

let stop: () => Promise<void>;
let notes: Note[];
let quiet: Note[];
let end: Awaited<ReturnType<typeof endOf>>;
let expected: Awaited<ReturnType<typeof endOf>>;

beforeAll(async () => {
  const [disturbed, undisturbed] = [aPair('haunted'), aPair('quiet')];
  stop = await openHaunted([disturbed, undisturbed]);
  makeWorld({ bad: {} });
  end = await withSweeper(async () => endOf(await playStory(disturbed)));
  notes = journal();
  makeWorld({});
  expected = await endOf(await playStory(undisturbed));
  quiet = journal();
}, patienceMs);
afterAll(() => stop?.());

describe('AWS answers badly', () => {
  it.each(steps)('to every kind of call of %s, as often as the SDK tries', (step) => {
    const usual = notesOf(quiet, step).flatMap(({ call }) => call ?? []);
    const calls = new Set([...usual, ...(ONLY_THE_FIRST_TIME[step] ?? [])]);
    for (const call of AFTER_A_MAIL[step] ?? []) calls.delete(call);
    for (const call of calls) {
      const badly = notesOf(notes, step).filter((note) => note.call === call && note.bad);
      expect({ call, badly: badly.length }).toEqual({ call, badly: 5 });
    }
  });

  it('and everything ends as if nothing had happened', () => {
    expect(end).toEqual(expected);
  });
});
