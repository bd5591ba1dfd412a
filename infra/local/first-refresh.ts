import type { SnapshotReport, SourceReport } from '../../lambdas/domain/desk-reports.ts';
import { until } from './patience.ts';
import type { RunningPlatform } from './running-platform.ts';
import { SetUpFailure } from './set-up-failure.ts';

/** The first snapshot, unless there is one already. `tell` gets a line about the sources. */
export async function refreshOnce(
  { desk }: RunningPlatform,
  tell: (words: string) => void,
): Promise<SnapshotReport> {
  const there = await desk.snapshot();
  if (there.snapshotId) return there;
  await desk.refresh({ sources: [], by: 'npm-start' });
  return until('the first snapshot was published', async () => {
    const sources = await desk.sources();
    tell(sources.map(inWords).join(', '));
    const failed = sources.filter(({ status }) => status === 'failedPermanent');
    if (failed.length > 0) throw sourcesFailed(failed);
    const snapshot = await desk.snapshot();
    return snapshot.snapshotId ? snapshot : undefined;
  });
}

const inWords = ({ source, status, rows }: SourceReport) =>
  `${source} ${rows === undefined ? status : `${rows.toLocaleString('en')} rows`}`;

const sourcesFailed = (failed: SourceReport[]) =>
  new SetUpFailure(
    failed
      .map(({ source, cause }) => `The source ${source} could not be read: ${cause}`)
      .join('\n'),
    'Begin anew with: npm start -- --fresh',
  );
