import {
  changedRun,
  cleanedRows,
  endedCleaningTurn,
  findRun,
  keptRows,
  putKept,
  runs,
} from '../../adapters/clean-ups.ts';
import { configuration } from '../../adapters/configuration.ts';
import { all, transact } from '../../adapters/dynamo.ts';
import { executionState } from '../../adapters/executions.ts';
import { recordChange } from '../../adapters/ledger.ts';
import type { CleanUpPreview, CleanUpReport } from '../../domain/clean-up-report.ts';
import type { QueryAnswers } from '../../domain/desk.ts';
import type { RunId } from '../../domain/ids.ts';
import { listedForRun, whatIsDue } from './listing.ts';

/** So many of each fit the answer of a function; how many there are is told. */
const COPIES_SHOWN = 2000;

/** Sums up a run, and lets go of its turn. `incomplete`: something that was due is still there. */
export async function sumUp(runId: RunId): Promise<{ outcome: 'done' | 'incomplete' }> {
  const before = await findRun(runId);
  if (before && (before.status === 'done' || before.status === 'incomplete'))
    return { outcome: before.status };
  const [listed, cleaned] = await Promise.all([listedForRun(runId), all(cleanedRows(runId))]);
  const byCopy = new Map(cleaned.map((row) => [row.copy, row]));
  for (const copy of listed) {
    const row = byCopy.get(copy.copy);
    if (row?.goneAt) continue;
    const reason = row?.heldBy ? 'legalHold' : 'failed';
    await transact([putKept(runId, { ...copy, reason, requestId: row?.heldBy })]);
  }
  const kept = await all(keptRows(runId));
  const gone = cleaned.filter(({ goneAt }) => goneAt);
  const failed = kept.filter(({ reason }) => reason === 'failed').length;
  const sums = {
    deleted: gone.length,
    versions: cleaned.reduce((sum, { versions }) => sum + versions, 0),
    bytes: cleaned.reduce((sum, { deletedBytes }) => sum + deletedBytes, 0),
    kept: kept.length - failed,
    failed,
  };
  const outcome = failed > 0 ? 'incomplete' : 'done';
  const ended = { status: outcome, endedAt: new Date().toISOString(), ...sums } as const;
  await recordChange([changedRun(runId, ended), endedCleaningTurn(runId)], {
    chain: `clean-up/${runId}`,
    event: 'cleanUpEnded',
    by: 'storeReport',
    facts: { outcome, ...sums },
  });
  return { outcome };
}

/** One run, or the latest; nobody has to be asked what a run came to that stopped with a fault. */
export async function reportCleanUp(runId?: string): Promise<QueryAnswers['cleanUp']> {
  const run = runId ? await findRun(runId) : (await all(runs())).sort(byStart).at(-1);
  if (!run) return { outcome: 'unknown' };
  const [cleaned, kept, state] = await Promise.all([
    all(cleanedRows(run.runId)),
    all(keptRows(run.runId)),
    run.status === 'running'
      ? executionState(configuration().flows.cleanUpInactiveData, run.runId)
      : undefined,
  ]);
  const { pk: _pk, sk: _sk, ...rest } = run as typeof run & { pk: string; sk: string };
  return {
    ...rest,
    status: state === undefined || state === 'running' ? run.status : 'died',
    copies: cleaned
      .slice(0, COPIES_SHOWN)
      .map(({ copy, prefix, why, inactiveSince, versions, deletedBytes, goneAt }) => ({
        copy,
        prefix,
        why,
        inactiveSince,
        versions,
        bytes: deletedBytes,
        goneAt,
      })),
    keptCopies: kept.slice(0, COPIES_SHOWN).map(shown),
  };
}

const byStart = (a: { startedAt: string }, b: { startedAt: string }) =>
  a.startedAt < b.startedAt ? -1 : 1;

const shown = ({
  copy,
  prefix,
  why,
  inactiveSince,
  bytes,
  reason,
  requestId,
}: CleanUpReport['keptCopies'][number]) => ({
  copy,
  prefix,
  why,
  inactiveSince,
  bytes,
  reason,
  requestId,
});

/** What a run would do now; deletes nothing, and leaves no trace. */
export async function previewRun(now: Date): Promise<CleanUpPreview> {
  const found = await whatIsDue(now);
  if (found.outcome === 'stopped') return found;
  const { due, kept, notYet } = found;
  return {
    outcome: 'listed',
    due: due.length,
    bytes: due.reduce((sum, { bytes }) => sum + bytes, 0),
    notYet,
    copies: due.slice(0, COPIES_SHOWN).map(({ cycleId: _, ...copy }) => copy),
    keptCopies: kept.slice(0, COPIES_SHOWN).map(shown),
  };
}
