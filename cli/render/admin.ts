import type { AdminReport } from '../../lambdas/domain/desk-reports.ts';
import { type Admin, changesOf } from '../../lambdas/domain/registered-admin.ts';
import { type Clock, localTime, relative } from '../clock.ts';
import { DSR } from '../words.ts';
import { renderWait } from './wait.ts';

export function renderAdmin(report: AdminReport, clock: Clock): string {
  const { registered, since } = report;
  const when =
    since === undefined
      ? 'from the next sweep on'
      : `since ${localTime(since, clock).slice(0, 16)}`;
  return [
    `${registered.email} is registered as the tenant admin, ${when}.`,
    registered.packageKey === undefined
      ? 'Packages are not encrypted.'
      : `Packages are encrypted for ${registered.packageKey}.`,
    `Another takes their place when they confirm it, or after ${registered.changeAfter} without their answer.`,
    ...namedWords(report, clock),
  ].join('\n');
}

function namedWords({ registered, named, denied, wait }: AdminReport, clock: Clock): string[] {
  if (!named) return [];
  const words = ['', 'platform.yaml names another:', ...differences(registered, named)];
  if (wait) return [...words, renderWait(wait, clock)];
  return denied
    ? [...words, 'It was denied, and nobody is asked again. Put the file right, and deploy it.']
    : [...words, 'The next sweep asks the registered one.'];
}

function differences(from: Admin, to: Admin): string[] {
  const { address, packageKey, changeAfter } = changesOf(from, to);
  return [
    ...(address ? [`  address: ${to.email}`] : []),
    ...(packageKey ? [`  key for packages: ${to.packageKey ?? 'none'}`] : []),
    ...(changeAfter ? [`  a change waits: ${to.changeAfter}`] : []),
  ];
}

/** One sentence above a list, while another is named than is registered. */
export function adminNotice(
  { named, denied, wait }: AdminReport,
  clock: Clock,
): string | undefined {
  if (!named) return undefined;
  const how = denied
    ? 'It was denied.'
    : wait?.deadline
      ? `Without an answer it takes effect ${relative(wait.deadline, clock)}.`
      : 'The registered one is asked by the next sweep.';
  return `platform.yaml names another tenant admin than is registered. ${how} See \`${DSR} admin\`.`;
}
