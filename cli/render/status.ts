import type { RecordedStep, RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import type { Request } from '../../lambdas/domain/request.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, dueDay, localTime, relative } from '../clock.ts';
import { table } from '../table.ts';
import { counted, DSR } from '../words.ts';
import { renderWait } from './wait.ts';

const OUTCOME_WORDS: Record<NonNullable<Request['outcome']>, string> = {
  erased: 'erased: proven absent from everything that the active snapshot declares',
  nothingHeld: 'nothing held: nothing was found to begin with, and that is proven',
  refused: 'refused',
  cancelled: 'cancelled',
  delivered: 'delivered: the export reached the registered tenant admin',
  expired: 'expired: nobody confirmed the export, or collected its package, in time',
  partlyErased: 'partly erased: somebody gave up on a part; the certificate names it',
};

export const outcomeWords = (outcome: Request['outcome']) =>
  outcome === undefined ? 'closed' : OUTCOME_WORDS[outcome];

/** Everything that is known of a request, without anything of the person. */
export function renderStatus(report: RequestStatusReport, clock: Clock): string {
  return [
    renderHead(report, clock),
    ...report.waits.map((wait) => renderWait(wait, clock, report)),
    renderVerification(report, clock),
    renderSteps(report.steps, clock),
    renderFaults(report, clock),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderHead(
  { request, timeZone, residueGoneAt }: RequestStatusReport,
  clock: Clock,
): string {
  const state =
    request.status === 'closed'
      ? outcomeWords(request.outcome)
      : `${request.status}, round ${request.round}${request.closing === undefined ? '' : `, ending as ${request.closing.option}`}`;
  const aim = request.unrolledDueOn === request.dueOn ? '' : `; aim at ${request.unrolledDueOn}`;
  const lines = [
    `Request ${request.requestId}: ${state}`,
    `Received ${localTime(request.receivedAt, clock)} (${relative(request.receivedAt, clock)})`,
    request.status === 'closed' && request.closedAt !== undefined
      ? `Closed ${localTime(request.closedAt, clock)} (${relative(request.closedAt, clock)}); it was due on ${request.dueOn}`
      : `Legal deadline ${dueDay({ ...request, timeZone }, clock)}${aim}`,
  ];
  if (request.legalHold !== undefined)
    lines.push(
      `On legal hold since ${localTime(request.legalHold.since, clock)}: ${spaced(request.legalHold.reasonCode)}`,
    );
  if (residueGoneAt !== undefined)
    lines.push(
      `What the certificate names as residue is gone since ${localTime(residueGoneAt, clock)}`,
    );
  if (request.gaveUpOn.length > 0) lines.push(`Given up on: ${request.gaveUpOn.join(', ')}`);
  return lines.join('\n');
}

function renderVerification({ verification, waits }: RequestStatusReport, clock: Clock): string {
  // Once the request has gone on, what a source said last stands, and nobody asks it again.
  const isAsked = waits.some(({ kind }) => kind === 'sourcesLetGo');
  const rows = Object.entries(verification).map(([source, latest]) => [
    source,
    answerWords(latest),
    latest.asks,
    latest.askedAt === undefined ? '' : relative(latest.askedAt, clock),
    isAsked ? nextWords(latest, clock) : '',
    isAsked ? toldWords(latest, clock) : '',
  ]);
  const headers = ['Source', 'Says', 'Asked', 'Last', 'Next', 'Owner told'];
  return rows.length === 0 ? '' : table(headers, rows, [2]);
}

const answerWords = ({ answer, detail }: RequestStatusReport['verification'][string]) =>
  [
    answer === undefined ? 'not answered yet' : spaced(answer),
    detail === undefined ? '' : `(${spaced(detail)})`,
  ]
    .join(' ')
    .trim();

function nextWords(
  { answer, nextAskAt }: RequestStatusReport['verification'][string],
  clock: Clock,
): string {
  if (answer === 'gone' || nextAskAt === undefined) return '';
  return Date.parse(nextAskAt) <= clock.now.getTime() ? 'now' : relative(nextAskAt, clock);
}

const toldWords = (
  { answer, ownerToldAt }: RequestStatusReport['verification'][string],
  clock: Clock,
): string => (answer === 'gone' || ownerToldAt === undefined ? '' : relative(ownerToldAt, clock));

const renderSteps = (steps: RecordedStep[], clock: Clock) =>
  steps.length === 0
    ? ''
    : table(
        ['Step', 'Round', 'At', 'Result'],
        steps.map((step) => [
          spaced(step.step),
          step.round,
          localTime(step.at, clock),
          resultWords(step.result),
        ]),
        [1],
      );

/** The outcome first, then the counts: `clear, identities 4`. */
export function resultWords(result: RecordedStep['result']): string {
  const { outcome, ...rest } = result;
  return [
    ...(typeof outcome === 'string' ? [spaced(outcome)] : []),
    ...Object.entries(rest)
      .filter(([name, value]) => name !== 'round' && name !== 'wait' && isPlain(value))
      .map(([name, value]) => `${spaced(name)} ${value}`),
  ].join(', ');
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);

function renderFaults({ faults, request }: RequestStatusReport, clock: Clock): string {
  if (faults.length === 0) return '';
  const rows = faults.map(({ faultId, step, class: name, at }) => [
    faultId,
    spaced(step),
    name,
    relative(at, clock),
  ]);
  return [
    `${counted(faults.length, 'fault')} (\`${DSR} show ${request.requestId}\` has the messages)`,
    table(['Fault', 'In step', 'Class', 'At'], rows),
  ].join('\n');
}
