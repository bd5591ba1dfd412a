import { findSnapshot } from '../adapters/catalog.ts';
import {
  advanceReleased,
  builtTables,
  getCycle,
  type Member,
  refreshedSources,
  unqueued,
} from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { foundInInactive } from '../adapters/outstanding.ts';
import { changedRequest } from '../adapters/requests.ts';
import { newResult } from '../adapters/results.ts';
import { answer, deliver, waitKey } from '../adapters/waits.ts';
import { isNone, type ResidueCopies } from '../domain/completion.ts';
import { type CycleResult, outcomeFor } from '../domain/cycle-result.ts';
import type { CycleId } from '../domain/ids.ts';
import { RequestId } from '../domain/ids.ts';
import { sharedPart } from './lake-tables.ts';
import { scansOf } from './proving.ts';
import { residueOf } from './residue.ts';

const MEMBERS_A_PAGE = 500;

/** Releases the next page of members; asked again after a crash, it repeats a page harmlessly. */
export async function releasePage(
  cycleId: CycleId,
): Promise<{ outcome: 'more' | 'done'; released: number }> {
  const { members, released } = await getCycle(cycleId);
  const page = members.slice(released, released + MEMBERS_A_PAGE);
  if (page.length > 0) {
    const resultFor = await resultsOfCycle(cycleId, page);
    await mapLimited(page, 20, (member) => release(member, resultFor(member), cycleId));
    await advanceReleased(cycleId, released + page.length);
  }
  const now = released + page.length;
  return { outcome: now < members.length ? 'more' : 'done', released: now };
}

async function release(
  { requestId, round }: Member,
  { result, copies }: MemberResult,
  cycleId: CycleId,
): Promise<void> {
  const wait = waitKey(requestId, 'refreshCycle', round);
  const now = new Date();
  const leftQueue = unqueued(`${requestId}#${round}`);
  const chain = `request/${requestId}`;
  const outcome = await answer(
    wait,
    { option: result.outcome, by: cycleId, at: now.toISOString() },
    { chain, event: 'released', by: cycleId, facts: { round, ...factsOf(result) } },
    {
      writes: [
        newResult(requestId, 'cycleResult', round, result, now),
        ...(isNone(copies) ? [] : [foundInInactive(requestId, round, copies)]),
        changedRequest(RequestId.parse(requestId), { cycleId }),
        leftQueue,
      ],
    },
  );
  if (outcome === 'recorded') return;
  // Answered already: released before a crash, or closed by a decision. Its result is dropped.
  const entry = { chain, event: 'leftTheQueue', by: cycleId, facts: { round } };
  await recordChange([leftQueue], entry);
  await deliver(wait);
}

const factsOf = (result: CycleResult) => ({
  outcome: result.outcome,
  snapshot: result.snapshotId,
  tables: result.scanned.tables,
  rows: result.scanned.rows,
  foundIn: result.found.map(({ kind, name }) => `${kind} ${name}`),
  residue: result.residue.length,
  failedSources: result.failedSources.map(({ source }) => source),
});

interface MemberResult {
  result: CycleResult;
  /** Inactive copies that hold the member. */
  copies: ResidueCopies;
}

/** What the cycle found of these members, one by one. Not scanned is never absent. */
async function resultsOfCycle(
  cycleId: CycleId,
  members: Member[],
): Promise<(member: Member) => MemberResult> {
  const [snapshot, refreshed, built, proof, residueFor] = await Promise.all([
    findSnapshot(cycleId),
    all(refreshedSources(cycleId)),
    all(builtTables(cycleId)),
    scansOf(cycleId, 'PROOF', members),
    residueOf(cycleId, members),
  ]);
  const expected = snapshot
    ? [snapshot.partitions, snapshot.models, snapshot.segments].flatMap(Object.keys).length
    : 0;
  const scanned = {
    tables: proof.scans.length,
    rows: proof.scans.reduce((sum, { rows }) => sum + rows, 0),
    deep: proof.scans.filter(({ deep }) => deep).length,
  };
  const broken = built.find(({ outcome }) => outcome === 'failed');
  const failedBuild = broken && {
    kind: broken.kind,
    name: broken.name,
    cause: broken.cause ?? 'no cause was given',
  };
  return ({ requestId, sources }) => {
    const failedSources = refreshed
      .filter(({ source, outcome }) => outcome !== 'successful' && sources.includes(source))
      .map(({ source, outcome, cause = '' }) => ({ source, status: outcome, cause }));
    const found = proof.foundIn(requestId);
    const { residue, copies } = residueFor(requestId);
    const foundUndeclared = proof.undeclaredIn(requestId);
    const sharedUndeclared = proof
      .undeclaredIn(sharedPart(requestId))
      .map(({ kind, name, column, rows }) => ({ kind, name, column, rows }));
    const result: CycleResult = {
      cycleId,
      outcome: outcomeFor({
        failedSources: failedSources.length,
        buildFailed: failedBuild !== undefined,
        published: snapshot !== undefined,
        tables: expected,
        scannedTables: scanned.tables,
        foundIn: found.length,
        undeclared: foundUndeclared.length,
      }),
      snapshotId: snapshot?.snapshotId,
      found,
      foundUndeclared,
      sharedWithOthers: [...proof.foundIn(sharedPart(requestId)), ...sharedUndeclared],
      scanned,
      failedSources,
      failedBuild,
      residue,
    };
    return { result, copies };
  };
}
