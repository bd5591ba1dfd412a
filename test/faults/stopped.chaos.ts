import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Haunted, hauntedPlatform, patienceMs, steps } from './haunted-platform.ts';
import { stopWhatIsHeld } from './stopper.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { makeWorld } from './world.ts';

let haunted: Haunted;
let stopped: string[];
let end: Haunted['expected'];

beforeAll(async () => {
  haunted = await hauntedPlatform();
  makeWorld({ holds: steps });
  const ended = new AbortController();
  const stopping = stopWhatIsHeld(ended.signal);
  end = await withSweeper(async () => endOf(await playStory(haunted.pair))).finally(() =>
    ended.abort(),
  );
  stopped = await stopping;
}, patienceMs);
afterAll(() => haunted?.stop());

describe('an execution that is stopped by hand', () => {
  it.each(steps)('in %s', (step) => {
    expect(stopped).toContain(step);
  });

  it('is followed by another, and everything ends as if nothing had happened', () => {
    expect(end).toEqual(haunted.expected);
  });
});
