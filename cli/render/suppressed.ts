import type { SuppressedReport } from '../../lambdas/domain/desk-reports.ts';
import type { Clock } from '../clock.ts';
import { table } from '../table.ts';
import { renderWait } from './wait.ts';

export function renderSuppressed(people: SuppressedReport[], clock: Clock): string {
  if (people.length === 0)
    return 'Nobody is recognised: no keyed hashes of erased people are kept.';
  const rows = people.map(({ requestId, suppressedUntil, retained, keptOut, wait }) => [
    requestId,
    wait ? 'came back' : keptOut ? 'stays out' : '',
    suppressedUntil ?? '',
    Object.entries(retained)
      .map(([source, until]) => `${source} until ${until}`)
      .join(', '),
  ]);
  return [
    table(['Erased by', '', 'Recognised until', 'Kept by law in'], rows),
    ...people.flatMap(({ wait }) => (wait ? [renderWait(wait, clock)] : [])),
  ].join('\n\n');
}
