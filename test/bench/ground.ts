import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionTo } from '../../infra/local/connection.ts';
import { awsEnvironment, startEmulator } from '../../infra/local/emulator.ts';
import { type Places, placesIn } from '../../infra/local/places.ts';
import { freePort } from '../../infra/local/ports.ts';
import { startPostgres } from '../../infra/local/postgres.ts';
import { openProcesses } from '../../infra/local/processes.ts';
import type { Ground } from '../../infra/local/running-platform.ts';

const running = new Set<() => Promise<void>>();

/** An emulator and a PostgreSQL of one part's own, with nothing in them. */
export async function onNewGround<T>(use: (ground: Ground) => Promise<T>): Promise<T> {
  const { places, discard } = newPlaces();
  const processes = openProcesses(places.run);
  const stop = async () => {
    running.delete(stop);
    await processes.stopAll();
    discard();
  };
  running.add(stop);
  try {
    const [endpoint, server] = await Promise.all([
      startEmulator({ processes, places, port: await freePort(), persistent: false }),
      startPostgres({
        processes,
        places,
        settings: { autovacuum: 'off', shared_buffers: '256MB', max_wal_size: '8GB' },
      }),
    ]);
    Object.assign(process.env, awsEnvironment(endpoint));
    return await use({ processes, places, connection: connectionTo(endpoint), server });
  } finally {
    await stop();
  }
}

/** For whoever is interrupted. */
export async function stopEverything(): Promise<void> {
  for (const stop of running) await stop();
}

function newPlaces(): { places: Places; discard(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  // PostgreSQL runs as somebody else where this runs as root.
  chmodSync(directory, 0o755);
  const places = placesIn(directory);
  const discard = () => {
    for (const place of [places.temporary, directory])
      rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  };
  return { places, discard };
}
