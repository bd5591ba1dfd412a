import { permissions } from '../../infra/permissions.ts';
import { ownPlatform } from '../emulator/own-platform.ts';
import { openScene } from '../flows/scene.ts';
import { aPair, type Pair, seedPair } from './people.ts';
import { endOf, playStory } from './story.ts';
import { faultsEnvironment, forgetWorld, journal, makeWorld, type Note } from './world.ts';

const FLOWS = ['delete-customer-data', 'verify-sources', 'refresh-cycle'] as const;

/** Every step of every flow. */
export const steps = FLOWS.flatMap((flow) => Object.keys(permissions[flow]));

/** How long a disturbed story may take. */
export const patienceMs = 1_200_000;

export interface Haunted {
  /** Of the story, when nothing is the matter. */
  expected: Awaited<ReturnType<typeof endOf>>;
  /** What the steps do then. */
  quiet: Note[];
  /** Whose story is to be played. */
  pair: Pair;
  stop(): Promise<void>;
}

/** A platform of which the functions can be disturbed, and the story as it goes undisturbed. */
export async function hauntedPlatform(): Promise<Haunted> {
  const [quietly, pair] = [aPair('quiet'), aPair('haunted')];
  makeWorld({});
  const own = await ownPlatform({
    alsoInSources: async (ground) => {
      for (const one of [quietly, pair]) await seedPair(ground, one);
    },
    environment: { ...faultsEnvironment(), SFN_WAIT_SCALE: '0.05' },
  });
  openScene(own.platform, { patience: 600 });
  makeWorld({});
  const expected = await endOf(await playStory(quietly));
  return {
    expected,
    quiet: journal(),
    pair,
    async stop() {
      await own.stop();
      forgetWorld();
    },
  };
}

export const notesOf = (notes: Note[], step: string): Note[] =>
  notes.filter((note) => note.step === step);
