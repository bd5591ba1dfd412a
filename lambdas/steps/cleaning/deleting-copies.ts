import { activeSnapshot } from '../../adapters/catalog.ts';
import {
  begunCleaning,
  type CleanedRow,
  countDeleted,
  endedCleaning,
  findCleaned,
  heldCopies,
  placeOf,
} from '../../adapters/clean-ups.ts';
import {
  deletionOf,
  forgotten,
  markedDeleting,
  notItsTurn,
  pointerStill,
  standingOf,
  unmarked,
} from '../../adapters/deleting.ts';
import { all } from '../../adapters/dynamo.ts';
import { lakeStorage, type Storage } from '../../adapters/lake/lake-storage.ts';
import { type LedgerEntry, recordChange } from '../../adapters/ledger.ts';
import { type Copy, isFolder, isNamed } from '../../domain/clean-up.ts';
import type { RunId } from '../../domain/ids.ts';

/** A function of rows has five minutes, and one call of S3 may take half of them. */
const MILLISECONDS_A_CALL = 120_000;
const TRIES = 5;

/** S3 refused to delete some of what was listed; what it said of each is its code. */
class ObjectsNotDeleted extends Error {
  override name = 'ObjectsNotDeleted';
}

export type Deleted = { outcome: 'gone' | 'more' | 'held' } & { runId: RunId } & Copy;

/** Deletes one copy, every version of it; asked again, it goes on where it was. */
export async function deleteCopy(
  runId: RunId,
  listed: Copy,
  millisecondsACall = MILLISECONDS_A_CALL,
): Promise<Deleted> {
  const until = Date.now() + millisecondsACall;
  const answer = (outcome: Deleted['outcome']) => ({ outcome, runId, ...listed });
  const prefix = (await placeOf(runId, listed.copy)) ?? listed.prefix;
  const copy = { ...listed, prefix };
  const before = await findCleaned(runId, copy.copy);
  if (before?.goneAt) return answer('gone');
  if (before?.heldBy) return answer('held');
  if (!before) await mark(runId, copy);
  const left = await emptied(lakeStorage(), runId, copy, until);
  if (left.outcome === 'held') await letGo(runId, copy, left.heldBy);
  if (left.outcome !== 'gone') return answer(left.outcome);
  await forget(runId, copy);
  return answer('gone');
}

/**
 * Marks it as being deleted, in one transaction with what makes that right: the active pointer is
 * still the one that was read, whose snapshot does not name it, and the cycle that built it, which
 * alone could publish it, does not have its turn.
 */
async function mark(runId: RunId, copy: Copy): Promise<void> {
  const row: CleanedRow = {
    ...copy,
    runId,
    versions: 0,
    deletedBytes: 0,
    beganAt: new Date().toISOString(),
  };
  for (let tries = 0; tries < TRIES; tries += 1) {
    const active = await activeSnapshot();
    if (!active) throw new Error('There is no active snapshot, so nothing may be deleted.');
    if (isNamed(active, copy)) throw new Error(`${copy.copy} is active, and must not be deleted.`);
    const recorded = await recordChange(
      [
        pointerStill(active.snapshotId),
        ...(copy.cycleId ? [notItsTurn(copy.cycleId)] : []),
        ...markedDeleting(copy, { runId, at: row.beganAt }),
        begunCleaning(row),
      ],
      entry(runId, 'deletionBegun', copy, { active: active.snapshotId }),
    );
    if (recorded === 'recorded' || (await findCleaned(runId, copy.copy))) return;
    if (copy.why !== 'unknownToCatalog' && (await standingOf(copy.copy)) === 'gone') {
      // An earlier run, which was taken for dead, went on; whether nothing is left is looked at again.
      await recordChange([begunCleaning(row)], entry(runId, 'foundGone', copy));
      return;
    }
  }
  throw new Error(`${copy.copy} could not be marked as being deleted.`);
}

/** Read after the mark, and before each page that is deleted: a hold stops what has begun. */
async function holderOf({ copy }: Copy): Promise<string | undefined> {
  const holds = await all(heldCopies());
  return holds.find(({ copies }) => copies === 'all' || copies.includes(copy))?.requestId;
}

async function letGo(runId: RunId, copy: Copy, heldBy: string): Promise<void> {
  const isMarked = (await deletionOf(copy.copy)) !== undefined;
  await recordChange(
    [...(isMarked ? unmarked(copy) : []), endedCleaning(runId, copy.copy, { heldBy })],
    entry(runId, 'keptForHold', copy, { request: heldBy }),
  );
}

/** `gone`: a listing of every version found nothing, before the time was up. */
async function emptied(
  lake: Pick<Storage, 'versions' | 'deleteVersions'>,
  runId: RunId,
  listed: Copy,
  until: number,
): Promise<{ outcome: 'gone' | 'more' } | { outcome: 'held'; heldBy: string }> {
  const { copy, prefix } = listed;
  for (;;) {
    const refused: string[] = [];
    let found = 0;
    for await (const page of lake.versions(prefix)) {
      const versions = isFolder(prefix) ? page : page.filter(({ key }) => key === prefix);
      found += versions.length;
      if (versions.length === 0) continue;
      const heldBy = await holderOf(listed);
      if (heldBy) return { outcome: 'held', heldBy };
      const result = await lake.deleteVersions(versions);
      refused.push(...result.refused);
      const bytes = result.deleted.reduce((sum, version) => sum + version.bytes, 0);
      if (result.deleted.length > 0)
        await countDeleted(runId, copy, { versions: result.deleted.length, bytes });
      if (Date.now() > until) break;
    }
    if (found === 0) return { outcome: 'gone' };
    if (refused.length > 0)
      throw new ObjectsNotDeleted(`${refused.length} versions: ${[...new Set(refused)].join()}`);
    if (Date.now() > until) return { outcome: 'more' };
  }
}

async function forget(runId: RunId, copy: Copy): Promise<void> {
  const goneAt = new Date().toISOString();
  const row = await findCleaned(runId, copy.copy);
  const recorded = await recordChange(
    [...forgotten(copy, goneAt), endedCleaning(runId, copy.copy, { goneAt })],
    entry(runId, 'copyDeleted', copy, {
      versions: row?.versions,
      bytes: row?.deletedBytes,
      inactiveSince: copy.inactiveSince,
    }),
  );
  if (recorded === 'recorded' || (await findCleaned(runId, copy.copy))?.goneAt) return;
  // The catalog has forgotten it already.
  if ((await standingOf(copy.copy)) !== 'gone')
    throw new Error(`${copy.copy} is empty, and the catalog could not forget it.`);
  await recordChange(
    [endedCleaning(runId, copy.copy, { goneAt })],
    entry(runId, 'copyDeleted', copy, { versions: row?.versions, bytes: row?.deletedBytes }),
  );
}

const entry = (
  runId: RunId,
  event: string,
  { copy, why }: Copy,
  facts: LedgerEntry['facts'] = {},
): LedgerEntry => ({
  chain: `clean-up/${runId}`,
  event,
  by: 'deleteCopy',
  facts: { copy, why, ...facts },
});
