import { parseColumnPath } from '../column-path.ts';
import { wholeColumns } from '../identity.ts';
import type { PlatformProblem } from '../platform-problem.ts';
import { didYouMean } from './did-you-mean.ts';
import type { PlatformDraft } from './draft.ts';

/** What a source says of its own columns. */
export const brokenColumnRules = (draft: PlatformDraft): PlatformProblem[] => [
  ...brokenColumns(draft),
  ...brokenPersonKeys(draft),
  ...brokenRetention(draft),
];

function* brokenColumns({ identityTypes, sources }: PlatformDraft): Iterable<PlatformProblem> {
  for (const [name, source] of Object.entries(sources)) {
    const columns = source?.columns ?? {};
    const missing = (path: string, column: string): PlatformProblem => ({
      path: `sources.${name}.${path}`,
      rule: `is no column of ${name}: ${column}`,
      remedy: didYouMean(column, Object.keys(columns)),
    });
    for (const [i, { type, column = '', within }] of (source?.identities ?? []).entries()) {
      const path = `identities[${i}].column`;
      const parsed = parseColumnPath(column);
      const declaredType = columns[parsed?.column ?? ''];
      if (parsed && !Object.hasOwn(columns, parsed.column)) yield missing(path, parsed.column);
      else if (
        parsed?.fields.length === 0 &&
        !parsed.perElement &&
        declaredType?.endsWith('[]') &&
        within === undefined
      )
        yield {
          path: `sources.${name}.${path}`,
          rule: `is a list: ${declaredType}`,
          remedy: `Write ${column}[].`,
        };
      if (type !== undefined && identityTypes[type]?.madeBy !== undefined)
        yield {
          path: `sources.${name}.identities[${i}].type`,
          rule: `is a key that a model makes: ${type} stands in no source`,
          remedy: 'Remove madeBy, or give this column another type.',
        };
    }
    for (const [i, { column = '' }] of (source?.notPersonal ?? []).entries()) {
      const top = parseColumnPath(column)?.column ?? column;
      if (!Object.hasOwn(columns, top)) yield missing(`notPersonal[${i}].column`, top);
    }
    for (const [i, column] of (source?.erasedWhen?.columnsCleared ?? []).entries())
      if (!Object.hasOwn(columns, column)) yield missing(`erasedWhen.columnsCleared[${i}]`, column);
    if (Object.keys(columns).some((column) => column.toLowerCase() === '_row'))
      yield {
        path: `sources.${name}.columns._row`,
        rule: 'has the name by which models tell rows apart',
        remedy: 'Leave the column out, or rename it in the source.',
      };
  }
}

function* brokenPersonKeys({ identityTypes, sources }: PlatformDraft): Iterable<PlatformProblem> {
  for (const [name, source] of Object.entries(sources)) {
    const key = source?.personKey;
    if (key === undefined) continue;
    const path = `sources.${name}.personKey`;
    const columns = wholeColumns(source?.identities ?? []).filter(({ type }) => type === key);
    const type = identityTypes[key];
    if (columns.length !== 1 || columns.some(({ column }) => column?.includes('[]')))
      yield {
        path,
        rule: `must be the type of exactly one of the source's identities, and no list: ${key}`,
        remedy: `Declare the column that holds it under sources.${name}.identities.`,
      };
    if (type?.normalForm === 'phone')
      yield {
        path,
        rule: `must be an email or a text, which SQL can tell apart: ${key} is a phone`,
        remedy: 'Choose another key, or give the type normalForm: text.',
      };
    if (type && (type.points === 'shared' || type.madeBy !== undefined))
      yield {
        path,
        rule: `must be a unique type that stands in sources: ${key}`,
        remedy: 'Choose the key by which the source tells people apart.',
      };
  }
}

/** What is cleared in the lake has to be all that points at the person, or the proof finds them. */
function* brokenRetention({ sources }: PlatformDraft): Iterable<PlatformProblem> {
  for (const [name, source] of Object.entries(sources)) {
    const cleared = source?.retained?.columns;
    if (!cleared) continue;
    const path = `sources.${name}.retained.columns`;
    const columns = Object.keys(source.columns ?? {});
    for (const [i, column] of cleared.entries())
      if (!columns.includes(column))
        yield {
          path: `${path}[${i}]`,
          rule: `is no column of ${name}: ${column}`,
          remedy: didYouMean(column, columns),
        };
    const pointing = new Set(
      (source.identities ?? []).map(({ column = '' }) => parseColumnPath(column)?.column ?? column),
    );
    for (const column of pointing)
      if (!cleared.includes(column))
        yield {
          path,
          rule: `leaves ${column}, which points at the person`,
          remedy: `Add ${column}, or leave columns out: then the whole row stays out of the lake.`,
        };
  }
}
