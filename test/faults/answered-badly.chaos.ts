import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Haunted, hauntedPlatform, notesOf, patienceMs, steps } from './haunted-platform.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { journal, makeWorld, type Note } from './world.ts';

let haunted: Haunted;
let notes: Note[];
let end: Haunted['expected'];

beforeAll(async () => {
  haunted = await hauntedPlatform();
  makeWorld({ bad: {} });
  end = await withSweeper(async () => endOf(await playStory(haunted.pair)));
  notes = journal();
}, patienceMs);
afterAll(() => haunted?.stop());

describe('AWS answers badly', () => {
  it.each(steps)('to every kind of call of %s, as often as the SDK tries', (step) => {
    const calls = new Set(notesOf(haunted.quiet, step).flatMap(({ call }) => call ?? []));
    for (const call of calls) {
      const badly = notesOf(notes, step).filter((note) => note.call === call && note.bad);
      expect({ call, badly: badly.length }).toEqual({ call, badly: 5 });
    }
  });

  it('and everything ends as if nothing had happened', () => {
    expect(end).toEqual(haunted.expected);
  });
});
