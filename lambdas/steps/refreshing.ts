import { ulid } from 'ulid';
import {
  acceptedLossUsedUp,
  activeSnapshot,
  findPartition,
  putPartition,
  setSourceStatus,
  sourceRow,
} from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { finding, newFinding } from '../adapters/cycles.ts';
import { classOf, keepFault } from '../adapters/faults.ts';
import { ingest } from '../adapters/lake/ingest.ts';
import { recordChange } from '../adapters/ledger.ts';
import { columnsLost, rowsGiven, wouldLose } from '../domain/cycle-plan.ts';
import { type CycleId, PartitionId } from '../domain/ids.ts';
import {
  type ExtractOutcome,
  type Partition,
  type SourceStatus,
  TRANSIENT,
} from '../domain/refresh.ts';
import { keepResurrected } from './resurrected.ts';
import { OutOfTime, workOnSource } from './source-work.ts';
import { recogniserFor } from './suppressing.ts';

/** A cycle holds the line while it pauses. */
const LONGEST_PAUSE_SECONDS = 900;

export interface Refreshed {
  outcome: Extract<
    SourceStatus,
    'successful' | 'failedRetrying' | 'failedPermanent' | 'heldForLoss'
  >;
  cycleId: CycleId;
  source: string;
  /** The attempt to make next, after that pause. */
  attempt: number;
  retryInSeconds: number;
  rows: number;
}

/** Ingests one source again, into a partition of its own, and records how it went. */
export async function refreshOne(
  cycleId: CycleId,
  name: string,
  attempt: number,
): Promise<Refreshed> {
  const earlier = await finding<Refreshed & { tried: number }>(cycleId, 'SOURCE', name);
  if (earlier && earlier.tried >= attempt) return earlier;
  const { platform } = platformDefinition();
  const source = platform.sources[name];
  if (!source) throw new Error(`The platform has no source ${name} any more.`);
  const startedAt = new Date();
  // A duration is never negative, however the clock is set meanwhile.
  const startedMs = performance.now();
  const partitionId = PartitionId.parse(`${cycleId}.${attempt}`);
  const prefix = `partitions/${name}/${partitionId}/`;
  await setSourceStatus({
    source: name,
    status: 'refreshing',
    cycleId,
    at: startedAt.toISOString(),
  });
  const { identities, personKey, erasedWhen } = source;
  const partition: Partition = {
    source: name,
    partitionId,
    cycleId,
    prefix,
    state: 'building',
    rows: 0,
    bytes: 0,
    seconds: 0,
    startedAt: startedAt.toISOString(),
    identities,
    personKey,
    clearedColumns: erasedWhen === 'rowGone' ? undefined : erasedWhen.columnsCleared,
  };
  // Before its first row: what a death leaves there must be known to hold people.
  await putPartition(partition);
  const extracted = await workOnSource(async (lake) => {
    const recogniser = await recogniserFor(name, source, startedAt);
    const ingested = await ingest({ ...lake, name, source, recogniser }, prefix);
    return { ...ingested, met: recogniser?.met };
  }).catch(stoppedBy);
  const seconds = (performance.now() - startedMs) / 1000;
  if (extracted.outcome === 'failed') return failed(cycleId, name, attempt, extracted, seconds);

  const { rows, bytes, filled, met } = extracted;
  const missing = met && { leftOut: met.leftOut, cleared: met.cleared };
  const ingested: Partition = {
    ...partition,
    state: 'ingested',
    rows,
    bytes,
    filled,
    seconds,
    ...missing,
  };
  await putPartition(ingested);
  await keepResurrected(cycleId, name, met?.resurrected);
  const figures = { rows, bytes, seconds, ...missing, resurrected: met?.resurrected.size };
  const loss = await lossOf(ingested, source.holdWhenLosing);
  return loss
    ? settled(cycleId, name, attempt, { outcome: 'heldForLoss', cause: loss, ...figures })
    : settled(cycleId, name, attempt, { outcome: 'successful', partitionId, ...figures });
}

/** A fault that one source brings about is told of that source, and does not stop the cycle. */
const stoppedBy = (error: Error): Extract<ExtractOutcome, { outcome: 'failed' }> =>
  error instanceof OutOfTime
    ? { outcome: 'failed', reason: 'timedOut', cause: error.message, error }
    : {
        outcome: 'failed',
        reason: 'fault',
        cause: `reading it stopped with a fault (${classOf(error)})`,
        error,
      };

/** In words, if an extraction would lose too many rows or values and nobody has accepted that. */
async function lossOf(now: Partition, holdWhenLosing: number): Promise<string | undefined> {
  const name = now.source;
  const active = (await activeSnapshot())?.partitions[name];
  const before = active && (await findPartition(name, active));
  if (!before) return undefined;
  const losesRows = wouldLose(rowsGiven(before), rowsGiven(now), holdWhenLosing);
  const columns = columnsLost(before, now, holdWhenLosing);
  if (!losesRows && columns.length === 0) return undefined;
  if ((await sourceRow(name))?.acceptLoss) return undefined;
  const given = rowsGiven(now);
  return losesRows
    ? `it gave ${given} ${given === 1 ? 'row' : 'rows'}, and the active partition has ${rowsGiven(before)}`
    : `it lost most values of ${columns.join(', ')}, which the source may give under another name`;
}

async function failed(
  cycleId: CycleId,
  name: string,
  attempt: number,
  { reason, cause, error }: Extract<ExtractOutcome, { outcome: 'failed' }>,
  seconds: number,
): Promise<Refreshed> {
  const { refresh } = platformDefinition().platform;
  if (error) {
    const fault = { faultId: ulid(), step: 'refreshSource', class: reason, error };
    await keepFault(fault, { execution: cycleId });
  }
  const again = TRANSIENT.has(reason) && attempt < refresh.attempts;
  const outcome = again ? 'failedRetrying' : 'failedPermanent';
  return settled(cycleId, name, attempt, { outcome, cause, seconds });
}

interface Settled {
  outcome: Refreshed['outcome'];
  cause?: string;
  partitionId?: string;
  rows?: number;
  bytes?: number;
  seconds: number;
  leftOut?: number;
  cleared?: number;
  /** How many people came back. */
  resurrected?: number | undefined;
}

async function settled(
  cycleId: CycleId,
  source: string,
  attempt: number,
  { outcome, ...rest }: Settled,
): Promise<Refreshed> {
  const { refresh } = platformDefinition().platform;
  const at = new Date().toISOString();
  const result: Refreshed = {
    outcome,
    cycleId,
    source,
    attempt: attempt + 1,
    retryInSeconds: Math.min(refresh.retrySeconds * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS),
    rows: rest.rows ?? 0,
  };
  await setSourceStatus({ source, status: outcome, cycleId, at, ...rest });
  const found = newFinding(cycleId, 'SOURCE', source, { ...result, ...rest, at, tried: attempt });
  // An accepted loss that is used up without its result would be held, and asked about, again.
  await recordChange(outcome === 'successful' ? [found, acceptedLossUsedUp(source)] : [found], {
    chain: `cycle/${cycleId}`,
    event: 'sourceRefreshed',
    by: 'refreshSource',
    facts: {
      source,
      status: outcome,
      attempt,
      rows: rest.rows,
      bytes: rest.bytes,
      leftOut: rest.leftOut,
      cleared: rest.cleared,
      resurrected: rest.resurrected,
    },
  });
  return result;
}
