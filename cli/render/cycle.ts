import type { CycleReport, Progress } from '../../lambdas/domain/desk-reports.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';

/** `c-3 (refreshing: 3 of 4 sources refreshed)`; tables are built when the sources are done. */
export function cycleWords({ cycleId, phase, sources, tables }: CycleReport): string {
  const settled = (progress: Progress) => progress.done + progress.failed === progress.of;
  const progress =
    sources !== undefined && tables !== undefined && settled(sources)
      ? progressWords(tables, 'tables built')
      : sources && progressWords(sources, 'sources refreshed');
  return `${cycleId} (${spaced(phase)}${progress === undefined ? '' : `: ${progress}`})`;
}

const progressWords = ({ done, failed, of }: Progress, what: string) =>
  `${done} of ${of} ${what}${failed > 0 ? `, ${failed} failed` : ''}`;
