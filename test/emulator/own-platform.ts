import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectionTo } from '../../infra/local/connection.ts';
import { awsEnvironment, isSettled, startEmulator } from '../../infra/local/emulator.ts';
import { refreshOnce } from '../../infra/local/first-refresh.ts';
import { placesIn } from '../../infra/local/places.ts';
import { freePort } from '../../infra/local/ports.ts';
import { startPostgres } from '../../infra/local/postgres.ts';
import { openProcesses } from '../../infra/local/processes.ts';
import {
  deployDemo,
  fillSources,
  type Ground,
  openPlatform,
  type RunningPlatform,
} from '../../infra/local/running-platform.ts';
import { duckdbWhereItLies, testAssembly } from './assembly.ts';
import { ownDirectory } from './test-run.ts';

export interface OwnPlatform {
  platform: RunningPlatform;
  logs: { emulator: string };
  /** Ends the emulator in peace, and starts it again on what it has kept: one that is `persistent`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Wishes {
  /** What no demo has. */
  alsoInSources(ground: Ground): Promise<void>;
  /** Of every function. */
  environment?: Record<string, string>;
  /** As `npm start` keeps its own. */
  persistent?: boolean;
}

/** A deployed demo that no other test knows: its sources get broken, or its functions. */
export async function ownPlatform({
  alsoInSources,
  persistent = false,
  ...wishes
}: Wishes): Promise<OwnPlatform> {
  const directory = ownDirectory('platform');
  const places = placesIn(directory);
  const environment = { ...(await duckdbWhereItLies()), ...wishes.environment };
  const processes = openProcesses(places.run);
  const port = await freePort();
  let ofEmulator = openProcesses(places.run);
  const start = () =>
    startEmulator({ processes: ofEmulator, places, port, persistent, environment });
  const restart = async () => {
    await ofEmulator.stopAll();
    if (!isSettled(places)) throw new Error('The emulator has not saved its state.');
    rmSync(places.temporary, { recursive: true, force: true, maxRetries: 5 });
    ofEmulator = openProcesses(places.run);
    await start();
  };
  const stop = async () => {
    await processes.stopAll();
    await ofEmulator.stopAll();
    for (const place of [places.temporary, directory])
      rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [endpoint, server] = await Promise.all([start(), startPostgres({ processes, places })]);
    Object.assign(process.env, awsEnvironment(endpoint));
    const ground = { processes, places, connection: connectionTo(endpoint), server };
    await Promise.all([
      fillSources(ground, 60).then(() => alsoInSources(ground)),
      testAssembly().then((assembly) => deployDemo(ground, { assembly })),
    ]);
    const platform = await openPlatform(ground);
    await refreshOnce(platform, () => {});
    return { platform, logs: { emulator: join(places.run, 'emulator.log') }, restart, stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}
