import { levels } from './model-graph.ts';
import type { Platform } from './platform.ts';
import type { Partition } from './refresh.ts';
import type { Request } from './request.ts';

/** What a cycle does, decided when its door closes. Names only: their number is the platform's. */
export interface CyclePlan {
  sources: string[];
  levels: string[][];
  dynamicSegments: string[];
  staticSegments: string[];
  carriesErasure: boolean;
}

/**
 * Whether a request that queues becomes a member: one that is closing needs no refresh any more, and
 * one on hold none now.
 */
export const isAdmitted = (
  request: Pick<Request, 'status' | 'closing' | 'legalHold'> | undefined,
): boolean =>
  request !== undefined && !request.closing && !request.legalHold && request.status !== 'closed';

/** What must be refreshed for everybody in the queue, and what no cycle has ingested yet. */
export function sourcesToRefresh(
  platform: Platform,
  wanted: (string[] | 'all')[],
  ingested: Set<string>,
): string[] {
  const names = Object.keys(platform.sources);
  const asked = new Set(wanted.flatMap((sources) => (sources === 'all' ? names : sources)));
  return names.filter((name) => asked.has(name) || !ingested.has(name));
}

export function planCycle(
  platform: Platform,
  sources: string[],
  carriesErasure: boolean,
): CyclePlan {
  const segments = Object.entries(platform.segments);
  return {
    sources,
    levels: levels(platform.models),
    dynamicSegments: segments.flatMap(([name, { kind }]) => (kind === 'dynamic' ? [name] : [])),
    staticSegments: segments.flatMap(([name, { kind }]) => (kind === 'static' ? [name] : [])),
    carriesErasure,
  };
}

/**
 * Whether an extraction would lose so many rows that it may be a source's mistake: a source that
 * answers with nothing looks like everybody's erasure. Nothing where always was nothing is no loss.
 */
export const wouldLose = (before: number, after: number, holdWhenLosing: number): boolean =>
  before > 0 && (after === 0 || (before - after) / before > holdWhenLosing);

type Filled = Pick<Partition, 'rows' | 'filled' | 'cleared'>;

/** What a source gave, and not what was left of it: people who are left out are no loss. */
export const rowsGiven = ({ rows, leftOut = 0 }: Pick<Partition, 'rows' | 'leftOut'>): number =>
  rows + leftOut;

/**
 * Identity columns that lose most of their values, and more of them than rows: a field that a source
 * gives under another name is NULL in every row, and looks like everybody's erasure, too.
 */
export const columnsLost = (before: Filled, after: Filled, holdWhenLosing: number): string[] =>
  Object.entries(after.filled ?? {}).flatMap(([column, values]) => {
    const had = before.filled?.[column] ?? 0;
    const emptied = (after.cleared ?? 0) - (before.cleared ?? 0);
    const byRows = had - values <= before.rows - after.rows + emptied;
    return !byRows && wouldLose(had, values, holdWhenLosing) ? [column] : [];
  });
