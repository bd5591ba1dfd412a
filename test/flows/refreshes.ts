import { GetObjectCommand } from '@aws-sdk/client-s3';
import { s3At } from '../../infra/local/connection.ts';
import { until } from '../../infra/local/patience.ts';
import { platform } from './scene.ts';
import { cycleOf, rowOf } from './tables.ts';

/** A refresh that is asked for then is the next cycle's. */
export const untilNoCycleRuns = () =>
  until('no cycle runs', async () => {
    const lock = await rowOf<{ holder?: string }>('Catalog', 'LOCK', 'CYCLE');
    return lock?.holder === undefined ? true : undefined;
  });

/** Refreshes sources for nobody, and answers the cycle once it has ended. */
export async function refresh(...sources: string[]): Promise<string> {
  for (;;) {
    await untilNoCycleRuns();
    const queued = await platform.desk.refresh({ sources, by: 'flow-tests' });
    if (queued.outcome !== 'queued') throw new Error(queued.problems.join(' '));
    // A call that broke has perhaps started one, which carries nobody who calls again.
    if (!queued.cycle) continue;
    await untilEnded(queued.cycle);
    return queued.cycle;
  }
}

export const untilEnded = (cycleId: string) =>
  until(`${cycleId} ended`, async () => (await cycleOf(cycleId))?.endedAt, 1500);

export async function sourceOf(name: string) {
  const found = (await platform.desk.sources()).find(({ source }) => source === name);
  if (!found) throw new Error(`There is no source ${name}.`);
  return found;
}

export async function tableOf(name: string) {
  const { tables } = await platform.desk.snapshot();
  const found = tables.find((table) => table.name === name);
  if (!found) throw new Error(`The active snapshot has no ${name}.`);
  return found;
}

/** A table of the active snapshot, byte by byte. */
export async function bytesOf(name: string): Promise<Buffer> {
  const { prefix } = await tableOf(name);
  const { Body } = await s3At(platform.connection).send(
    new GetObjectCommand({ Bucket: platform.outputs.LakeBucket, Key: `${prefix}rows.parquet` }),
  );
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
