import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { duckdbLayerOfHost } from '../../infra/duckdb-layer.ts';
import { local, placesIn } from '../../infra/local/places.ts';
import { killRecorded } from '../../infra/local/process-record.ts';
import { startOf } from '../../infra/local/process-start.ts';

const testRuns = join(local, 'test');
const variable = 'DSR_TEST_RUN';

/** The directory of this test run, shared by all its workers. */
export function testRun(): string {
  const directory = process.env[variable];
  if (directory === undefined)
    throw new Error('There is no test run: Jest must be started with jest.config.js.');
  return directory;
}

/**
 * Nothing is started here: the first test that needs an emulator starts it. DuckDB's layer must be
 * whole before, because jest looks for modules in it.
 */
export async function openTestRun(): Promise<void> {
  await duckdbLayerOfHost();
  clearAbandonedRuns();
  const directory = join(testRuns, String(process.pid));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'owner'), startOf(process.pid) ?? '');
  process.env[variable] = directory;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      closeTestRun();
      process.exit(130);
    });
}

export const closeTestRun = (): void => discard(testRun());

/** Runs that were killed left processes behind. */
function clearAbandonedRuns(): void {
  mkdirSync(testRuns, { recursive: true });
  for (const pid of readdirSync(testRuns)) {
    const directory = join(testRuns, pid);
    if (startOf(Number(pid)) !== ownerOf(directory)) discard(directory);
  }
}

function ownerOf(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, 'owner'), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * A directory of a test file's own, which goes with the run at the latest, and so do the processes
 * whose records it keeps. Not within the run's: PostgreSQL runs as somebody else where the tests run
 * as root, and has to get there.
 */
export function ownDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `${name}-`));
  chmodSync(directory, 0o755);
  const known = join(testRun(), 'own');
  mkdirSync(known, { recursive: true });
  symlinkSync(directory, join(known, basename(directory)));
  return directory;
}

/** Nothing of a test run is worth a graceful end. */
function discard(directory: string): void {
  const known = join(directory, 'own');
  const own = existsSync(known) ? readdirSync(known).map((name) => join(known, name)) : [];
  for (const link of own) if (existsSync(link)) discardOne(readlinkSync(link));
  discardOne(directory);
}

function discardOne(directory: string): void {
  const { run, temporary } = placesIn(directory);
  killRecorded(run);
  for (const place of [temporary, directory])
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
}
