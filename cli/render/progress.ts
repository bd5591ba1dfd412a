import type { RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, localTime } from '../clock.ts';
import { outcomeWords, resultWords } from './status.ts';
import { waitsForPerson, waitWords } from './wait.ts';

/** The words of everything that has happened, in order: what is new is what was not there before. */
export function happenings(report: RequestStatusReport, clock: Clock): string[] {
  const steps = report.steps.map(
    ({ step, round, at, result }) =>
      `${localTime(at, clock).slice(11)}  round ${round}  ${[spaced(step), resultWords(result)].filter((words) => words !== '').join(': ')}`,
  );
  const answers = Object.entries(report.verification).flatMap(([source, { answer }]) =>
    answer === undefined
      ? []
      : [`${source} says ${spaced(answer)} (round ${report.request.round})`],
  );
  const cycle =
    report.cycle === undefined
      ? []
      : [`refresh cycle ${report.cycle.cycleId}: ${spaced(report.cycle.phase)}`];
  const faults = report.faults.map(
    ({ faultId, step, class: name }) => `fault ${faultId} in ${spaced(step)}: ${name}`,
  );
  return [...steps, ...answers, ...cycle, ...faults];
}

/** How it stands now, in one line. */
export function standing(report: RequestStatusReport, clock: Clock): string {
  const { request, waits } = report;
  if (request.status === 'closed') return outcomeWords(request.outcome);
  const wait = waits.find(waitsForPerson) ?? waits[0];
  return wait === undefined ? 'at work' : waitWords(wait, clock, report);
}
