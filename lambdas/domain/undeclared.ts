import type { TableRows } from './cycle-result.ts';
import type { Platform } from './platform.ts';

/** A column that nobody declared, and in which a person stands. */
export interface UndeclaredColumn extends TableRows {
  /** `note`, `user.id`, `items[].note`. */
  column: string;
  /** Identity types of what stands there. */
  types: string[];
  /** Always the whole value, and never within a text. */
  whole: boolean;
}

/** A column in which nobody is looked for, and why: declared as `notPersonal`. */
export interface UnsearchedColumn {
  kind: TableRows['kind'];
  name: string;
  column: string;
  reason: string;
}

const SECTIONS = { source: 'sources', model: 'models', segment: 'segments' } as const;

/** Where it was found, and the lines of platform.yaml that declare it. */
export function howToDeclare({ kind, name, column, types, rows, whole }: UndeclaredColumn): string {
  const lines = types.map(
    (type) =>
      `- { type: ${type}, column: ${/[[\]]/.test(column) ? `"${column}"` : column}${whole ? '' : ', within: text'} }`,
  );
  const counted = `${rows} ${rows === 1 ? 'row' : 'rows'}`;
  return `${kind} ${name}, column ${column} (${counted}): ${SECTIONS[kind]}.${name}.identities: ${lines.join(' and ')}`;
}

/** What whoever has to decide may do, then the columns. */
export const undeclaredWords = (columns: UndeclaredColumn[]): string[] => [
  'Columns that platform.yaml does not declare name the person. Have the source remove that, or declare each column so that it is searched from now on (or under notPersonal, with a reason, if it is none of this); deploy, then decide tryAgain:',
  ...columns.map(howToDeclare),
];

/** All that the platform declares, sources first. */
export const unsearchedColumns = ({ sources, models, segments }: Platform): UnsearchedColumn[] => [
  ...unsearchedIn('source', sources),
  ...unsearchedIn('model', models),
  ...unsearchedIn('segment', segments),
];

const unsearchedIn = (
  kind: TableRows['kind'],
  tables: Record<string, { notPersonal?: { column: string; reason: string }[] | undefined }>,
): UnsearchedColumn[] =>
  Object.entries(tables).flatMap(([name, { notPersonal = [] }]) =>
    notPersonal.map((declared) => ({ kind, name, ...declared })),
  );

/**
 * Whether a column's name says that it holds ids of a type: that of the type, or of a column that is
 * declared for it. Only there may `17` be somebody's.
 */
export function idNames({ sources, models, segments }: Platform) {
  const names = new Map<string, Set<string>>();
  for (const { identities = [] } of [sources, models, segments].flatMap((tables) =>
    Object.values<{ identities?: { type: string; column: string }[] | undefined }>(tables),
  ))
    for (const { type, column } of identities) {
      const known = names.get(type) ?? new Set([type]);
      names.set(type, known.add(lastName(column)));
    }
  return (type: string, column: string): boolean => names.get(type)?.has(lastName(column)) ?? false;
}

/** `user.emails[]` → `emails` */
const lastName = (column: string) =>
  (column.replaceAll('[]', '').split('.').at(-1) ?? column).toLowerCase();
