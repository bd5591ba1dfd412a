import type { PreviewReport } from '../../lambdas/domain/desk.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { howToDeclare } from '../../lambdas/domain/undeclared.ts';
import { table } from '../table.ts';

type Found = Extract<PreviewReport, { outcome: 'found' }>;

/** What an erasure would meet: counts only. */
export function renderPreview(found: Found): string {
  const { identities, ambiguous, sources, tables } = found;
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
    renderUndeclared(found),
    'Nothing was started.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Every column was read: what nobody declared would fail the proof. */
function renderUndeclared({ undeclared, notRead }: Found): string {
  const places = undeclared.map(
    (place) => `  ${place.in === 'source' ? 'in the source itself: ' : ''}${howToDeclare(place)}`,
  );
  return [
    ...(places.length > 0
      ? [
          'Columns that platform.yaml does not declare name the person. Have the source remove that, or declare them:',
          ...places,
        ]
      : ['No undeclared column names the person.']),
    ...notRead.map(
      ({ source, reason }) => `Not every column of ${source} was read: ${spaced(reason)}.`,
    ),
  ].join('\n');
}
