import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { stackName } from './demo-platform.ts';
import { type Demonstration, demonstrateErasure } from './demonstration.ts';
import { nextToDepart } from './erasure-story.ts';
import { demonstrateExport, type MailParts } from './export-demonstration.ts';
import { farewell } from './farewell.ts';
import { refreshOnce } from './first-refresh.ts';
import { prepareGround } from './ground.ts';
import { mailPortsBeside } from './mail/mail-ports.ts';
import { openDoorOf } from './mail/open-door.ts';
import { beTheOnlyOne } from './only-one.ts';
import { readOptions, type StartOptions } from './options.ts';
import { local, placesIn } from './places.ts';
import { openProcesses } from './processes.ts';
import { step, stepsAtOnce } from './progress.ts';
import {
  deployDemo,
  fillSources,
  openPlatform,
  type RunningPlatform,
  sweep,
} from './running-platform.ts';
import { SetUpFailure } from './set-up-failure.ts';

const options = readOptions(process.argv.slice(2));
const places = placesIn(local);
const processes = openProcesses(places.run);
const endpointFile = join(places.run, 'endpoint.json');
let release = () => {};
let isUp = false;
let isEnding = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void end(isUp ? 0 : 130));

try {
  release = beTheOnlyOne(places.run);
  const { platform, mail } = await bringUp(options);
  const erased = await demonstrate(platform, options, mail);
  if (erased) console.log(`\n${erased.proof}\n`);
  const exported = erased && (await demonstrateExport(platform, mail));
  isUp = true;
  if (options.once) await end(erased?.isProven && exported?.isTheirs ? 0 : 1);
  console.log(farewell(platform, { erased, exported }));
  setInterval(() => {}, 2 ** 30);
} catch (fault) {
  await end(1, fault);
}

async function bringUp({
  customers,
}: StartOptions): Promise<{ platform: RunningPlatform; mail: MailParts }> {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const ground = await prepareGround({ processes, places, options, endpoint });
  await stepsAtOnce(
    [
      'Fill the four sources',
      async ({ title }) => {
        const filled = await fillSources(ground, customers);
        title(
          filled
            ? `Four sources, ${filled.toLocaleString('en')} customers`
            : 'Four sources, as before',
        );
      },
    ],
    [
      'Deploy the CDK app',
      async ({ title }) => {
        const deployed = await deployDemo(ground);
        title(
          `The CDK app ${deployed ? 'is deployed' : 'is deployed already'}: stack ${stackName}`,
        );
      },
    ],
  );
  const platform = await openPlatform(ground);
  const { credentials, region } = ground.connection;
  const { endpoint: at } = ground.connection;
  const { mailboxUrl = '' } = ground;
  const localRun = { endpoint: at, stackName, region, ...credentials, mailboxUrl };
  writeFileSync(endpointFile, JSON.stringify(localRun, null, 2), { mode: 0o600 });
  const door = await step('Open the mail door', async ({ title }) => {
    const { port } = await openDoorOf(platform, mailPortsBeside(options.port).door);
    title(`Mail comes in at 127.0.0.1:${port}; what is sent shows at ${mailboxUrl}`);
    return port;
  });
  await step('Refresh all sources for the first time', async ({ title, say }) => {
    const { snapshotId, tables } = await refreshOnce(platform, say);
    title(`Snapshot ${snapshotId} is active: ${tables.length} tables`);
  });
  await step('Take up open requests', async ({ title }) => {
    const open = (await platform.desk.list()).filter(({ status }) => status !== 'closed');
    // What fails of it, the sweep of each minute tries again.
    if (open.length > 0) await sweep(platform).catch(() => undefined);
    title(open.length > 0 ? `${open.length} open requests go on` : 'No request is open');
  });
  return { platform, mail: { door, mailboxUrl, folder: join(places.state, 'packages') } };
}

/** One customer in the first run, and one in each run with `--once`. */
async function demonstrate(
  platform: RunningPlatform,
  { once }: StartOptions,
  { mailboxUrl }: MailParts,
): Promise<Demonstration | undefined> {
  const person = await nextToDepart(platform);
  const closed = await platform.desk.list('closed');
  if (person && (once || closed.length === 0))
    return demonstrateErasure(platform, person, mailboxUrl);
  if (!once) return undefined;
  throw new SetUpFailure(
    'Every customer of the demonstration has been erased.',
    'Begin anew with: npm start -- --once --fresh',
  );
}

async function end(exitCode: number, fault?: unknown): Promise<void> {
  // A failing step is what stopping looks like from inside.
  if (isEnding) return void (await setTimeout(60_000));
  isEnding = true;
  if (fault !== undefined) console.error(`\n${inWords(fault)}`);
  rmSync(endpointFile, { force: true });
  await processes.stopAll();
  rmSync(places.temporary, { recursive: true, force: true });
  release();
  process.exit(exitCode);
}

/** A sentence for what the user can mend, and all that is known of anything else. */
function inWords(fault: unknown): string {
  const spoken = ['SetUpFailure', 'PlatformError', 'CommandError', 'LayerError'];
  if (!(fault instanceof Error)) return String(fault);
  return spoken.includes(fault.name) ? fault.message : (fault.stack ?? fault.message);
}
