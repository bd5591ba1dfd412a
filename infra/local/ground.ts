import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connectionTo } from './connection.ts';
import { isSettled, startEmulator } from './emulator.ts';
import { mailPortsBeside } from './mail/mail-ports.ts';
import { startMailbox } from './mail/start-mailbox.ts';
import type { StartOptions } from './options.ts';
import type { Places } from './places.ts';
import { startPostgres } from './postgres.ts';
import { clearRemains } from './process-record.ts';
import type { Processes } from './processes.ts';
import { step, stepsAtOnce } from './progress.ts';
import type { Ground } from './running-platform.ts';
import { SetUpFailure } from './set-up-failure.ts';

interface GroundPlan {
  processes: Processes;
  places: Places;
  options: StartOptions;
  /** An AWS that somebody else runs: then none is started. */
  endpoint: string | undefined;
}

/** Something that answers as AWS, and the PostgreSQL of the demo's CRM. */
export async function prepareGround(plan: GroundPlan): Promise<Ground> {
  const { processes, places, options } = plan;
  const ports = mailPortsBeside(options.port);
  await clearAway(plan);
  const mailboxUrl = await startMailbox({ processes, places, ports });
  const [endpoint, server] = await stepsAtOnce<[string, Ground['server']]>(
    [
      'Start a local AWS',
      async ({ title }) => {
        const endpoint = plan.endpoint
          ? await reached(plan.endpoint)
          : await startEmulator({
              ...{ processes, places, port: options.port, persistent: true },
              mailPort: ports.sink,
            });
        title(`A local AWS, its IAM enforced, at ${endpoint}`);
        return endpoint;
      },
    ],
    [
      'Start PostgreSQL',
      async ({ title }) => {
        const server = await startPostgres({ processes, places });
        title(`PostgreSQL 18 for the CRM, at ${server.host}:${server.port}`);
        return server;
      },
    ],
  );
  return { processes, places, connection: connectionTo(endpoint), server, mailboxUrl };
}

/** Ends what a killed run left running, and discards what does not fit together. */
async function clearAway({ places, options, endpoint }: GroundPlan): Promise<void> {
  const ended = await clearRemains(places.run);
  if (ended.length > 0)
    await step(`Ended what an earlier run had left running: ${ended.join(', ')}`, async () => {});
  const holdsState = readdirSync(places.state).length > 0;
  const isTorn = holdsState && !endpoint && !isSettled(places);
  rmSync(places.temporary, { recursive: true, force: true });
  if (options.fresh || isTorn) {
    rmSync(places.state, { recursive: true, force: true });
    mkdirSync(places.state);
  }
  if (isTorn && !options.fresh)
    await step('The last run could not save its state: beginning anew', async () => {});
}

async function reached(endpoint: string): Promise<string> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(5000) });
    return endpoint;
  } catch (cause) {
    throw new SetUpFailure(
      `Nothing answers at ${endpoint}, which AWS_ENDPOINT_URL names.`,
      'Start what should, or unset AWS_ENDPOINT_URL: then a local AWS is started.',
      { cause },
    );
  }
}
