import { partitions } from '../../adapters/catalog.ts';
import { findCertificate } from '../../adapters/certificates.ts';
import { alsoDone } from '../../adapters/clean-ups.ts';
import { cycleEnds } from '../../adapters/cycles.ts';
import { all } from '../../adapters/dynamo.ts';
import { recordChange } from '../../adapters/ledger.ts';
import { completed, type OutstandingRow, outstandingRows } from '../../adapters/outstanding.ts';
import { findRequest } from '../../adapters/requests.ts';
import { sign } from '../../adapters/signing.ts';
import { copyOfPartition, copyOfSnapshot } from '../../domain/clean-up.ts';
import { type Completion, copyNames, prefixesOf, prefixOf } from '../../domain/completion.ts';
import { digestOf } from '../../domain/evidence/jws.ts';
import type { RunId } from '../../domain/ids.ts';
import { readLakeView, standingPrefixes } from './lake-view.ts';

const MILLISECONDS_A_CALL = 120_000;

/**
 * Completes each certificate of which the last copy is gone: no catalog row of it, and no version
 * or marker under its prefix. Goes on in another call when the time is up.
 */
export async function completeCertificates(
  runId: RunId,
  millisecondsACall = MILLISECONDS_A_CALL,
): Promise<{ outcome: 'more' | 'done'; completed: number }> {
  const until = Date.now() + millisecondsACall;
  const rows = await all(outstandingRows());
  if (rows.length === 0) return { outcome: 'done', completed: 0 };
  const isGone = await goneCopies();
  let count = 0;
  for (const [index, row] of rows.entries()) {
    // The look at the lake may have taken all the time; one more is done each time.
    if (index > 0 && Date.now() > until) return { outcome: 'more', completed: count };
    if (!(await isClosed(row)) || !(await isGone(row))) continue;
    await complete(runId, row);
    count += 1;
  }
  return { outcome: 'done', completed: count };
}

/** Its identities are unreadable by then, and are not needed. */
const isClosed = async ({ requestId }: OutstandingRow): Promise<boolean> =>
  (await findRequest(requestId))?.outcome !== undefined;

async function goneCopies(): Promise<(row: OutstandingRow) => Promise<boolean>> {
  // The catalog first, and then the lake: what is forgotten was empty, and is found so again.
  const [kept, ends] = await Promise.all([all(partitions()), all(cycleEnds())]);
  const catalogued = new Set([
    ...kept.map(({ source, partitionId }) => copyOfPartition(source, partitionId)),
    ...ends.flatMap(({ cycleId, emptiedAt }) => (emptiedAt ? [] : [copyOfSnapshot(cycleId)])),
  ]);
  const { prefixes } = await standingPrefixes();
  const standing = new Set(prefixes);
  return async ({ copies, certifiedAt }) =>
    copies === 'all'
      ? isAllGone(certifiedAt)
      : copyNames(copies).every((copy) => !catalogued.has(copy) && !standing.has(prefixOf(copy)));
}

/** Nothing is left that was inactive by then, and nothing that the catalog does not know. */
async function isAllGone(certifiedAt: string): Promise<boolean> {
  const { partitions: kept, snapshots, cycles, strangers } = await readLakeView();
  const ended = new Map(cycles.map(({ cycleId, endedAt }) => [cycleId, endedAt]));
  const active = snapshots.find(({ supersededAt }) => !supersededAt);
  const isOld = (cycleId: string) => (ended.get(cycleId) ?? '~') <= certifiedAt;
  return (
    strangers.length === 0 &&
    kept.every(
      ({ source, partitionId, cycleId }) =>
        active?.partitions[source] === partitionId || !isOld(cycleId),
    ) &&
    cycles.every(
      ({ cycleId, built, emptiedAt }) =>
        built === undefined || emptiedAt || cycleId === active?.snapshotId || !isOld(cycleId),
    )
  );
}

async function complete(runId: RunId, { requestId, copies }: OutstandingRow): Promise<void> {
  const certified = await findCertificate(requestId);
  if (!certified) throw new Error(`${requestId} has residue, and no certificate.`);
  const completion: Completion = {
    version: 1,
    requestId,
    completedAt: new Date().toISOString(),
    certificate: digestOf(certified),
    prefixes: prefixesOf(copies),
  };
  const jws = await sign(completion, 'dsr-completion');
  const counted = alsoDone(runId, { certificatesCompleted: 1 });
  await recordChange([...completed(requestId, jws), counted], {
    chain: `request/${requestId}`,
    event: 'residueGone',
    by: 'completeCertificates',
    facts: { run: runId, prefixes: completion.prefixes.length, completion: digestOf(jws) },
  });
}
