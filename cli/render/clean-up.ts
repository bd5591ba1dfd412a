import type { Copy, KeptCopy } from '../../lambdas/domain/clean-up.ts';
import type { CleanUpPreview, CleanUpReport } from '../../lambdas/domain/clean-up-report.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, localTime, relative } from '../clock.ts';
import { table } from '../table.ts';
import { byteSize, counted, DSR } from '../words.ts';

const STOPPED_WORDS: Record<string, string> = {
  pointerMissing: 'there is no active pointer, though snapshots have been published',
  activeSnapshotMissing: 'the active pointer names a snapshot that is not in the catalog',
  activeSnapshotSuperseded: 'the active pointer names a snapshot that has been superseded',
  activePartitionMissing: 'the active snapshot names a partition that is not in the catalog',
};

const stoppedWords = (reason = 'unknown') =>
  `What is active cannot be told, so nothing is deleted: ${STOPPED_WORDS[reason] ?? spaced(reason)}. ` +
  'Restore the catalog table to a moment before that, or mend the row.';

/** What a run would do now. */
export function renderCleanUpPreview(preview: CleanUpPreview, clock: Clock): string {
  if (preview.outcome === 'stopped') return stoppedWords(preview.reason);
  const { due, bytes, notYet, copies, keptCopies } = preview;
  return parts([
    due === 0
      ? 'Nothing is due. Nothing was deleted.'
      : `${counted(due, 'copy is', 'copies are')} due, about ${byteSize(bytes)}. Nothing was deleted.`,
    copyTable(copies, clock),
    more(due, copies),
    keptTable(keptCopies, clock),
    notYetWords(notYet),
  ]);
}

/** The report of one run. */
export function renderCleanUp(report: CleanUpReport, clock: Clock): string {
  const { copies, keptCopies, due, notYet } = report;
  return parts([
    headOf(report, clock),
    report.status === 'stopped' ? stoppedWords(report.reason) : '',
    copyTable(copies, clock),
    more(report.deleted ?? 0, copies),
    keptTable(keptCopies, clock),
    alsoWords(report),
    due === 0 && report.status === 'done' ? 'Nothing was due.' : '',
    notYetWords(notYet),
    report.status === 'died'
      ? `Its execution ended with a fault. \`${DSR} show ${report.runId}\` has its message; the next run goes on.`
      : '',
    (report.failed ?? 0) > 0 ? `\`${DSR} show ${report.runId}\` has what stopped it.` : '',
  ]);
}

export const standingOfRun = (runId: string, report: CleanUpReport | undefined): string =>
  report === undefined
    ? `${runId} begins`
    : `${runId}: ${report.copies.filter(({ goneAt }) => goneAt).length} of ${report.due} gone`;

function headOf(report: CleanUpReport, clock: Clock): string {
  const { runId, status, startedAt, due, deleted = 0, versions = 0, bytes = 0 } = report;
  const head = `Clean-up ${runId}: ${status}, started ${localTime(startedAt, clock)} (${relative(startedAt, clock)})`;
  if (report.endedAt === undefined || status === 'stopped') return head;
  const kept = (report.kept ?? 0) > 0 ? `, ${report.kept} kept` : '';
  const failed = (report.failed ?? 0) > 0 ? `, ${report.failed} not all deleted` : '';
  return [
    head,
    `${deleted} of ${counted(due, 'copy', 'copies')} deleted${kept}${failed}: ${counted(versions, 'object version')}, ${byteSize(bytes)}`,
  ].join('\n');
}

const copyTable = (
  copies: (Copy & { versions?: number; goneAt?: string | undefined })[],
  clock: Clock,
): string =>
  copies.length === 0
    ? ''
    : table(
        ['Copy', 'Why', 'Inactive since', 'Versions', 'Size', 'Gone'],
        copies.map(({ copy, why, inactiveSince, versions, bytes, goneAt }) => [
          copy,
          spaced(why),
          localTime(inactiveSince, clock),
          versions?.toLocaleString('en') ?? '',
          byteSize(bytes),
          goneAt === undefined ? '' : localTime(goneAt, clock),
        ]),
        [3, 4],
      );

const keptTable = (kept: KeptCopy[], clock: Clock): string =>
  kept.length === 0
    ? ''
    : table(
        ['Kept', 'Because', 'Request', 'Inactive since'],
        kept.map(({ copy, reason, requestId = '', inactiveSince }) => [
          copy,
          spaced(reason),
          requestId,
          localTime(inactiveSince, clock),
        ]),
      );

const more = (count: number, shown: unknown[]): string =>
  count > shown.length ? `… and ${counted(count - shown.length, 'more copy', 'more copies')}.` : '';

const notYetWords = (notYet: number): string =>
  notYet === 0 ? '' : `${counted(notYet, 'inactive copy is', 'inactive copies are')} not due yet.`;

const ALSO: [keyof CleanUpReport, string, string][] = [
  ['certificatesCompleted', 'certificate completed', 'certificates completed'],
  ['snapshotRows', 'snapshot forgotten', 'snapshots forgotten'],
  ['cycleRows', 'cycle forgotten', 'cycles forgotten'],
  ['workFolders', 'folder of work erased', 'folders of work erased'],
  ['packageFolders', 'package of a closed request erased', 'packages of closed requests erased'],
  ['sealedRows', 'row of closed requests removed', 'rows of closed requests removed'],
  ['faultRows', 'message of a fault removed', 'messages of faults removed'],
];

function alsoWords(report: CleanUpReport): string {
  const done = ALSO.flatMap(([name, one, many]) => {
    const count = report[name];
    return typeof count === 'number' && count > 0 ? [counted(count, one, many)] : [];
  });
  return done.length === 0 ? '' : `Also: ${done.join(', ')}.`;
}

const parts = (all: string[]): string => all.filter((part) => part !== '').join('\n\n');
