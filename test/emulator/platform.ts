import { type Connection, connectionTo } from '../../infra/local/connection.ts';
import { awsEnvironment, startEmulator } from '../../infra/local/emulator.ts';
import { refreshOnce } from '../../infra/local/first-refresh.ts';
import { startMailbox } from '../../infra/local/mail/start-mailbox.ts';
import { placesIn } from '../../infra/local/places.ts';
import { freePort } from '../../infra/local/ports.ts';
import { type PostgresServer, startPostgres } from '../../infra/local/postgres.ts';
import { openProcesses } from '../../infra/local/processes.ts';
import {
  deployDemo,
  fillSources,
  openPlatform,
  type RunningPlatform,
} from '../../infra/local/running-platform.ts';
import { duckdbWhereItLies, testAssembly } from './assembly.ts';
import { onceARun } from './once-a-run.ts';
import { testRun } from './test-run.ts';

const customers = 300;

const placesOfRun = () => placesIn(testRun());
const processesOfRun = () => openProcesses(placesOfRun().run);

/** Where the emulator hands on what is sent, whether or not a mailbox is there yet. */
const mailPorts = () =>
  onceARun('mail-ports', async () => ({ sink: await freePort(), page: await freePort(), door: 0 }));

/** A mailbox with every mail that is sent from now on; answers the address of its page. */
export const testMailbox = (): Promise<string> =>
  onceARun('mailbox', async () =>
    startMailbox({
      processes: processesOfRun(),
      places: placesOfRun(),
      ports: await mailPorts(),
    }),
  );

/** An emulator with nothing in it, its IAM enforced; one for all tests of a run. */
export async function testEmulator(): Promise<Connection> {
  const endpoint = await onceARun('emulator', async () =>
    startEmulator({
      processes: processesOfRun(),
      places: placesOfRun(),
      port: await freePort(),
      persistent: false,
      mailPort: (await mailPorts()).sink,
      environment: await duckdbWhereItLies(),
    }),
  );
  // For clients that find their way by the environment, as the product's do.
  Object.assign(process.env, awsEnvironment(endpoint));
  return connectionTo(endpoint);
}

/** A PostgreSQL with nothing in it; one for all tests of a run. */
export const testPostgres = (): Promise<PostgresServer> =>
  onceARun('postgres', () => startPostgres({ processes: processesOfRun(), places: placesOfRun() }));

/** The deployed demo with a few hundred customers, its first snapshot published. */
export async function testPlatform(): Promise<RunningPlatform> {
  const [connection, server] = await Promise.all([testEmulator(), testPostgres()]);
  const ground = {
    processes: processesOfRun(),
    places: placesOfRun(),
    connection,
    server,
  };
  await onceARun('platform', async () => {
    const assembly = await testAssembly();
    await Promise.all([fillSources(ground, customers), deployDemo(ground, { assembly })]);
    const { snapshotId } = await refreshOnce(await openPlatform(ground), () => {});
    return snapshotId;
  });
  return openPlatform(ground);
}
