import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectionTo } from '../../infra/local/connection.ts';
import { awsEnvironment, startEmulator } from '../../infra/local/emulator.ts';
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
import { ownDirectory } from './test-run.ts';

export interface OwnPlatform {
  platform: RunningPlatform;
  logs: { emulator: string };
  stop(): Promise<void>;
}

interface Wishes {
  /** What no demo has. */
  alsoInSources(ground: Ground): Promise<void>;
  /** Of every function. */
  environment?: Record<string, string>;
}

/** A deployed demo that no other test knows: its sources get broken, or its functions. */
export async function ownPlatform({ alsoInSources, environment }: Wishes): Promise<OwnPlatform> {
  const directory = ownDirectory('platform');
  const places = placesIn(directory);
  const processes = openProcesses(places.run);
  const stop = async () => {
    await processes.stopAll();
    for (const place of [places.temporary, directory])
      rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [endpoint, server] = await Promise.all([
      startEmulator({ processes, places, port: await freePort(), persistent: false, environment }),
      startPostgres({ processes, places }),
    ]);
    Object.assign(process.env, awsEnvironment(endpoint));
    const ground = { processes, places, connection: connectionTo(endpoint), server };
    await Promise.all([
      fillSources(ground, 60).then(() => alsoInSources(ground)),
      deployDemo(ground),
    ]);
    const platform = await openPlatform(ground);
    await refreshOnce(platform, () => {});
    return { platform, logs: { emulator: join(places.run, 'emulator.log') }, stop };
  } catch (fault) {
    await stop();
    throw fault;
  }
}
