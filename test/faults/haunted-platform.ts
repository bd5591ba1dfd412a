import { setTimeout } from 'node:timers/promises';
import type { Desk } from '../../cli/desk.ts';
import { until } from '../../infra/local/patience.ts';
import { permissions } from '../../infra/permissions.ts';
import { ownPlatform } from '../emulator/own-platform.ts';
import { askedBy } from '../emulator/patient-desk.ts';
import { openScene } from '../flows/scene.ts';
import { type Pair, seedPair } from './people.ts';
import { faultsEnvironment, forgetWorld, journal, makeWorld, type Note } from './world.ts';

export const stepsOf = (flow: keyof typeof permissions) => Object.keys(permissions[flow]);

/** Every step of the flows of an erasure. */
export const steps = (['delete-customer-data', 'verify-sources', 'refresh-cycle'] as const).flatMap(
  stepsOf,
);

/** Every step of the flows of an export. */
export const exportSteps = (['export-data', 'gather-exports'] as const).flatMap(stepsOf);

export const cleanUpSteps = stepsOf('clean-up-inactive-data');

/** How long a disturbed story may take: a cycle that is stopped at each of its steps is begun a dozen times. */
export const patienceSeconds = 3000;
export const patienceMs = (patienceSeconds + 600) * 1000;

/**
 * A platform of which the functions can be disturbed; on it, the scene is opened.
 * @param waitScale how long flows sleep, of what they would
 */
export async function openHaunted(pairs: Pair[], waitScale = 0.05): Promise<() => Promise<void>> {
  makeWorld({});
  const own = await ownPlatform({
    alsoInSources: async (ground) => {
      for (const pair of pairs) await seedPair(ground, pair);
    },
    environment: { ...faultsEnvironment(), SFN_WAIT_SCALE: String(waitScale) },
  });
  openScene({ ...own.platform, desk: insistent(own.platform.desk) }, { patience: patienceSeconds });
  return async () => {
    await own.stop();
    forgetWorld();
  };
}

/** People whose call breaks make it again, whatever they ask. */
function insistent(desk: Desk): Desk {
  const insist = async (ask: () => Promise<unknown>): Promise<unknown> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (tries === 10) throw error;
        await setTimeout(200);
      }
    }
  };
  return askedBy(desk, insist);
}

export const notesOf = (notes: Note[], step: string): Note[] =>
  notes.filter((note) => note.step === step);

/** Until the first that comes to this step waits to be let go. */
export const untilHeld = (step: string) =>
  until(
    `${step} is held`,
    async () => journal().some((note) => note.step === step && note.held) || undefined,
    patienceSeconds,
  );
