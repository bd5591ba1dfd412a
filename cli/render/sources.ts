import type { SourceReport } from '../../lambdas/domain/desk-reports.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, relative } from '../clock.ts';
import { table } from '../table.ts';
import { byteSize, counted, DSR } from '../words.ts';
import { renderWait } from './wait.ts';

export function renderSources(sources: SourceReport[], clock: Clock): string {
  if (sources.length === 0) return 'The platform declares no sources.';
  const rows = sources.map((source) => [
    source.source,
    source.kind,
    source.status === 'never' ? 'never refreshed' : spaced(source.status),
    source.rows === undefined ? '' : source.rows.toLocaleString('en'),
    source.bytes === undefined ? '' : byteSize(source.bytes),
    source.seconds === undefined ? '' : `${source.seconds.toFixed(1)} s`,
    source.at === undefined ? '' : relative(source.at, clock),
    source.cycleId ?? '',
  ]);
  const causes = sources.flatMap((source) => (source.cause ? [causeWords(source)] : []));
  const suppressed = sources.map(suppressedWords).filter((words) => words !== '');
  const decisions = sources.flatMap(({ source, decision }) =>
    decision === undefined ? [] : [`${source}: ${renderDecision(decision, clock)}`],
  );
  return [
    table(
      ['Source', 'Kind', 'Last refresh', 'Rows', 'Size', 'Took', 'At', 'Cycle'],
      rows,
      [3, 4, 5],
    ),
    ...(causes.length > 0 ? [causes.join('\n')] : []),
    ...(suppressed.length > 0 ? [suppressed.join('\n')] : []),
    ...decisions,
  ].join('\n\n');
}

/** What the refresh met of people who were erased. */
function suppressedWords({ source, leftOut = 0, cleared = 0, resurrected = 0 }: SourceReport) {
  const did = [
    ...(leftOut > 0 ? [`${counted(leftOut, 'row')} left out`] : []),
    ...(cleared > 0 ? [`${counted(cleared, 'row')} cleared`] : []),
    ...(resurrected > 0
      ? [`${counted(resurrected, 'person', 'people')} came back (\`${DSR} suppressed\`)`]
      : []),
  ];
  return did.length === 0 ? '' : `${source}, of erased people: ${did.join(', ')}`;
}

/** What the source itself said may quote rows, so it is kept sealed, with the cycle's faults. */
const causeWords = ({ source, cause, status, cycleId }: SourceReport) =>
  status.startsWith('failed') && cycleId !== undefined
    ? `${source}: ${cause} (\`${DSR} show ${cycleId}\` has what it said)`
    : `${source}: ${cause}`;

/** What it is about stands above, for each source. */
const renderDecision = (
  { requests, wait }: NonNullable<SourceReport['decision']>,
  clock: Clock,
) => `${counted(requests, 'request waits', 'requests wait')} for a decision. One decision answers for all; giving up is each request’s own.
${renderWait({ ...wait, details: [] }, clock)}`;
