import type { PreviewReport } from '../../lambdas/domain/desk.ts';
import { table } from '../table.ts';
import { spaced } from '../words.ts';

type Found = Extract<PreviewReport, { outcome: 'found' }>;

/** What an erasure would meet: counts only. */
export function renderPreview({ identities, ambiguous, sources, tables }: Found): string {
  const linked = Object.entries(identities).map(([type, count]) => `${type} ${count}`);
  const held = tables.filter(({ rows }) => rows > 0);
  return [
    `Identities linked: ${linked.join(', ') || 'none'}.`,
    ambiguous ? 'Several people are meant: the tenant admin would be asked who.' : '',
    sources.length === 0
      ? ''
      : table(
          ['Source', 'Says', 'Rows', ''],
          sources.map(({ source, answer, rows, detail }) => [
            source,
            spaced(answer),
            rows ?? '',
            detail ?? '',
          ]),
          [2],
        ),
    held.length === 0
      ? 'No table of the lake holds the person.'
      : table(
          ['Kind', 'Table', 'Where', 'Rows'],
          held.map(({ kind, name, where, rows }) => [kind, name, where, rows]),
          [3],
        ),
    'Nothing was started.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
