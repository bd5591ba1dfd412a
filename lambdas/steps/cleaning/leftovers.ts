import { countAlsoDone } from '../../adapters/clean-ups.ts';
import { platformDefinition } from '../../adapters/configuration.ts';
import { findCycle, lockRow } from '../../adapters/cycles.ts';
import { all } from '../../adapters/dynamo.ts';
import { findGathering } from '../../adapters/gatherings.ts';
import { lakeStorage } from '../../adapters/lake/lake-storage.ts';
import { recordChange } from '../../adapters/ledger.ts';
import {
  removeCycle,
  removeFaultsOf,
  removeSealed,
  removeSnapshot,
  requestsWithTraces,
} from '../../adapters/leftovers.ts';
import { findRequest, requestsListed } from '../../adapters/requests.ts';
import { forgettable as forgettableSnapshots } from '../../domain/clean-up.ts';
import { CycleId, GatheringId, type RunId } from '../../domain/ids.ts';
import { expiredFaultDays, forgettableCycles } from '../../domain/leftovers.ts';
import { readLakeView } from './lake-view.ts';

const MILLISECONDS_A_CALL = 120_000;

/** Removes what else is left behind; goes on in another call when the time is up. */
export async function sweepLeftovers(
  runId: RunId,
  now: Date,
  millisecondsACall = MILLISECONDS_A_CALL,
): Promise<{ outcome: 'more' | 'done' }> {
  const until = Date.now() + millisecondsACall;
  const works = [
    ...[forgetSnapshots, forgetCycles, eraseWork],
    ...[erasePackages, removeSealedRows, removeFaults],
  ];
  for (const work of works) {
    const done = await work(runId, now, until);
    if (!done) return { outcome: 'more' };
  }
  return { outcome: 'done' };
}

type Work = (runId: RunId, now: Date, until: number) => Promise<boolean>;

/** Does each until the time is up, and counts; answers whether all are done. */
async function each<T>(
  items: T[],
  until: number,
  remove: (item: T) => Promise<unknown>,
): Promise<boolean> {
  for (const [index, item] of items.entries()) {
    // What was looked up first may have taken all the time; one more is done each time.
    if (index > 0 && Date.now() > until) return false;
    await remove(item);
  }
  return true;
}

const entered = (runId: RunId, event: string, facts: Record<string, string>) =>
  recordChange([], { chain: `clean-up/${runId}`, event, by: 'sweepLeftovers', facts });

const forgetSnapshots: Work = async (runId, _, until) => {
  const { snapshots, partitions } = await readLakeView();
  return each(forgettableSnapshots(snapshots, partitions), until, async (snapshot) => {
    await entered(runId, 'snapshotForgotten', { snapshot });
    await removeSnapshot(snapshot);
    await countAlsoDone(runId, { snapshotRows: 1 });
  });
};

const forgetCycles: Work = async (runId, now, until) => {
  const { inactiveDays } = platformDefinition().platform.retention;
  const over = forgettableCycles(await readLakeView(), now, inactiveDays);
  // What a cycle found is still to be certified, when somebody decides late.
  const needed = new Set((await all(requestsListed('open'))).map(({ cycleId }) => cycleId));
  const forgettable = over.filter((cycle) => !needed.has(cycle));
  return each(forgettable, until, async (cycle) => {
    await entered(runId, 'cycleForgotten', { cycle });
    await removeCycle(cycle);
    await countAlsoDone(runId, { cycleRows: 1 });
  });
};

/** Cycles and gatherings erase their own work, also those that died; this is for whoever died while erasing. */
const eraseWork: Work = async (runId, _, until) => {
  const { folders } = await lakeStorage().folders('work/');
  return each(folders, until, async (folder) => {
    const name = folder.slice('work/'.length, -1);
    const cycle = CycleId.safeParse(name);
    const gathering = GatheringId.safeParse(name);
    const over =
      (cycle.success && (await isOver(cycle.data))) ||
      (gathering.success && (await isForgotten(gathering.data)));
    if (!over) return;
    await lakeStorage().erase(folder);
    await countAlsoDone(runId, { workFolders: 1 });
  });
};

async function isOver(cycleId: CycleId): Promise<boolean> {
  const [lock, cycle] = await Promise.all([lockRow('CYCLE'), findCycle(cycleId)]);
  return lock?.holder !== cycleId && (cycle === undefined || cycle.endedAt !== undefined);
}

async function isForgotten(gatheringId: GatheringId): Promise<boolean> {
  const [lock, gathering] = await Promise.all([lockRow('GATHER'), findGathering(gatheringId)]);
  return lock?.holder !== gatheringId && gathering === undefined;
}

/** A request deletes its own when it ends; this is for a packer that ends after that. */
const erasePackages: Work = async (runId, _, until) => {
  const { folders } = await lakeStorage().folders('packages/');
  return each(folders, until, async (folder) => {
    const request = await findRequest(folder.slice('packages/'.length, -1));
    if (request && !request.outcome) return;
    await lakeStorage().erase(folder);
    await countAlsoDone(runId, { packageFolders: 1 });
  });
};

/** What closed requests knew of their person: unreadable since they closed. */
const removeSealedRows: Work = async (runId, _, until) =>
  each(await all(requestsWithTraces()), until, async ({ sk }) => {
    const removed = await removeSealed(sk);
    await countAlsoDone(runId, { sealedRows: removed ?? 0 });
  });

const removeFaults: Work = async (runId, now, until) =>
  each(expiredFaultDays(now), until, async (day) => {
    await countAlsoDone(runId, { faultRows: await removeFaultsOf(day) });
  });
