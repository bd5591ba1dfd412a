import type { SnapshotReport } from '../../lambdas/domain/desk-reports.ts';
import { type Clock, localTime, relative } from '../clock.ts';
import { table } from '../table.ts';
import { byteSize, counted, DSR } from '../words.ts';

export function renderSnapshot(report: SnapshotReport, clock: Clock): string {
  const { snapshotId, publishedAt, tables, inactive } = report;
  if (snapshotId === undefined) {
    return `No snapshot has been published yet. \`${DSR} refresh\` starts the first.`;
  }
  const when =
    publishedAt === undefined
      ? ''
      : `, published ${localTime(publishedAt, clock)} (${relative(publishedAt, clock)})`;
  return [
    `Active snapshot ${snapshotId}${when}`,
    table(
      ['Kind', 'Table', 'Rows', 'Size', 'Prefix'],
      tables.map(({ kind, name, rows, bytes, prefix }) => [
        kind,
        name,
        rows.toLocaleString('en'),
        byteSize(bytes),
        prefix,
      ]),
      [2, 3],
    ),
    `${counted(inactive, 'inactive snapshot is', 'inactive snapshots are')} still kept.`,
  ].join('\n\n');
}
