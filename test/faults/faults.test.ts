import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { permissions } from '../../infra/permissions.ts';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import { openScene } from '../flows/scene.ts';
import { aPair, seedPair } from './people.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { faultsEnvironment, forgetWorld, journal, makeWorld, type Note } from './world.ts';

const FLOWS = ['delete-customer-data', 'verify-sources', 'refresh-cycle'] as const;
const steps = FLOWS.flatMap((flow) => Object.keys(permissions[flow]));
const others = ['openRequest', 'decide', 'sweep', 'executionEnded'];

const [undisturbed, dying, badlyAnswered] = ['undisturbed', 'dying', 'answered'].map(aPair);

let own: OwnPlatform;
let expected: Awaited<ReturnType<typeof endOf>>;
let quiet: Note[];

beforeAll(async () => {
  makeWorld({});
  own = await ownPlatform({
    alsoInSources: async (ground) => {
      for (const pair of [undisturbed, dying, badlyAnswered])
        if (pair) await seedPair(ground, pair);
    },
    environment: { ...faultsEnvironment(), SFN_WAIT_SCALE: '0.1' },
  });
  openScene(own.platform);
  makeWorld({});
  if (undisturbed) expected = await endOf(await playStory(undisturbed));
  quiet = journal();
}, 600_000);
afterAll(async () => {
  await own?.stop();
  forgetWorld();
});

it('the story enters every step', () => {
  expect(steps.filter((step) => !quiet.some((note) => note.step === step))).toEqual([]);
  expect(expected).toMatchObject({ outcome: 'erased', execution: 'SUCCEEDED', found: [] });
});

describe('a process that dies', () => {
  let notes: Note[] = [];
  let end: typeof expected | undefined;
  beforeAll(async () => {
    makeWorld({ dies: [...steps, ...others] });
    if (dying) end = await withSweeper(async () => endOf(await playStory(dying)));
    notes = journal();
    makeWorld({});
  }, 900_000);

  it.each(steps)('in %s, before its effects and before its answer', (step) => {
    const deaths = notes.filter((note) => note.step === step).flatMap(({ died }) => died ?? []);
    const effects = quiet.some((note) => note.step === step && note.call);
    expect(effects).toBe(true);
    expect(deaths).toContain('before its answer');
  });

  it('changes nothing of how the request ends', () => {
    expect(end).toEqual(expected);
  });
});
