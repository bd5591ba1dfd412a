import { styleText } from 'node:util';
import { table } from '../../cli/table.ts';
import type { PreviewReport } from '../../lambdas/domain/desk.ts';

export type Holdings = Extract<PreviewReport, { outcome: 'found' }>;

/** How many tables and sources hold somebody. */
export function countHoldings({ sources, tables }: Holdings) {
  return {
    sources: sources.filter(({ answer }) => answer === 'stillHeld').length,
    tables: tables.filter(({ where, rows }) => where === 'active' && rows > 0).length,
  };
}

/** Every source says gone, and no active table has a row. */
export const isGone = ({ sources, tables }: Holdings): boolean =>
  sources.every(({ answer }) => answer === 'gone') &&
  tables.every(({ where, rows }) => where === 'inactive' || rows === 0);

/** Side by side: the rows that held the person before and hold them now. */
export function renderBeforeAndAfter(before: Holdings, after: Holdings): string {
  const live = before.sources.map(({ source }) => [
    `${source}, in the source itself`,
    rowsInSource(before, source),
    rowsInSource(after, source),
    '',
  ]);
  const names = new Set(
    [...before.tables, ...after.tables].map(({ kind, name }) => `${kind} ${name}`),
  );
  const kept = [...names].map((name) => [
    name.replace('source ', 'ingested '),
    rowsIn(before, name, 'active'),
    rowsIn(after, name, 'active'),
    rowsIn(after, name, 'inactive') || '',
  ]);
  const head = ['rows that hold the person', 'before', 'after', 'inactive'].map((title) =>
    styleText('bold', title),
  );
  return table(head, [...live, ...kept], [1, 2, 3]);
}

function rowsInSource({ sources }: Holdings, name: string): number | string {
  const found = sources.find(({ source }) => source === name);
  return found?.answer === 'gone' ? 0 : (found?.rows ?? found?.answer ?? '?');
}

const rowsIn = ({ tables }: Holdings, full: string, side: 'active' | 'inactive'): number =>
  tables
    .filter(({ kind, name, where }) => `${kind} ${name}` === full && where === side)
    .reduce((sum, { rows }) => sum + rows, 0);
