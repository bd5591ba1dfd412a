import type { CycleResult, Verdict } from '../../lambdas/domain/cycle-result.ts';
import type { Outcome, Request, RequestStatus } from '../../lambdas/domain/request.ts';
import type { ExecutionState } from '../../lambdas/domain/restart.ts';
import type { Lock, Move } from '../../lambdas/domain/turn.ts';
import type { SourceState } from '../../lambdas/domain/verification.ts';
import type { LineName } from './line-names.ts';
import type { Setup } from './setup.ts';

/*
 * The tables and executions, as far as coordination reads them. Everything that is decided is
 * decided by the domain; the model knows rows, conditional writes, and who runs.
 *
 * There are two times: now, and later, when a subject is asked about again. Sets of requests and
 * of sources are bit masks, so that requests can be renamed.
 */
export const NOW = '2026-03-01T10:00:00.000Z';
export const LATER = '2026-03-01T10:01:00.000Z';

/** A wait's row. */
export interface Pause {
  readonly answer?: string;
  /** The token of the execution that sleeps on it; a dead execution's is as good as none. */
  readonly token: boolean;
  /** Answered, and not known to be delivered: the sweeper delivers it again. */
  readonly due: boolean;
  /** A person has been asked. */
  readonly asked: boolean;
}
export const PAUSES = ['sources', 'cycle', 'decision', 'fault'] as const;
export type PauseName = (typeof PAUSES)[number];

/** A running step, or a flow between two steps: which action comes next, and what it has read. */
export interface Process {
  at: string;
  /** Where a process that is called again and again, as the sweeper is, goes when it has ended. */
  home?: string;
  want?: string;
  seen?: Lock;
  move?: Exclude<Move, { move: 'none' }>;
  /** The holder whose end it was told. */
  ended?: string;
  /** Requests still to be dealt with, and those whose recorded answer is still to be delivered. */
  pending: number;
  undelivered: number;
  /** Sources, or waits, still to be dealt with. */
  left: number;
  attempt: number;
  closing: boolean;
}
export const aProcess = (at: string, home?: string): Process => ({
  at,
  home,
  want: undefined,
  seen: undefined,
  move: undefined,
  ended: undefined,
  pending: 0,
  undelivered: 0,
  left: 0,
  attempt: 0,
  closing: false,
});

/** One request, with its results of the round that it is in. */
export interface RequestState {
  /** Which sources it needs. */
  needs: number;
  status: RequestStatus;
  closing: Request['closing'];
  round: number;
  attempt: number;
  restarts: number;
  /** Of the latest attempt. */
  execution: ExecutionState;
  flow?: Process;
  /** A step that goes on although its execution was stopped. */
  orphan?: Process;
  asked: boolean;
  verified: boolean;
  joined: boolean;
  questioned: boolean;
  cycleResult?: CycleResult['outcome'];
  verdict?: Verdict['verdict'];
  decided?: string;
  certified?: Outcome;
  pauses: Readonly<Partial<Record<PauseName, Pause>>>;
  /** Its row among the subjects that sources are asked about. */
  verifying?: readonly SourceState[];
  queued: boolean;
  /** How often a cycle has released it in this round. */
  releases: number;
}

/** Results belong to a round, so that the next one begins without any. */
export const noResults = {
  status: 'open',
  asked: false,
  verified: false,
  joined: false,
  questioned: false,
  cycleResult: undefined,
  verdict: undefined,
  decided: undefined,
  certified: undefined,
  verifying: undefined,
  pauses: {},
  queued: false,
  releases: 0,
} as const satisfies Partial<RequestState>;

/** A cycle past its door. */
export interface CycleRow {
  readonly members: number;
  readonly refresh: boolean;
  /** What it refreshes, and how that went. */
  readonly plan: number;
  readonly refreshed: number;
  readonly failed: number;
  /** For each source: the requests that were verified before it was extracted. */
  readonly freshFor: readonly number[];
  readonly published: boolean;
  readonly proven: boolean;
  readonly foundIn: number;
  readonly ended: boolean;
}

export interface Turn {
  name: string;
  execution: Exclude<ExecutionState, 'missing'>;
  startsAt: string;
  flow?: Process;
  orphan?: Process;
  row?: CycleRow;
}

export interface LineState {
  lock?: Lock;
  turns: Turn[];
  /** The wait on the operator, who looks at a line that died three times. */
  fault?: Pause;
}

export interface World {
  setup: Setup;
  requests: RequestState[];
  lines: Record<LineName, LineState>;
  refreshQueued: boolean;
  helpers: Process[];
  /** How often the world may still do each of these. */
  may: { crash: number; stillHold: number; failToRefresh: number; reappear: number };
  /** The promise that was broken on the way here. */
  violation?: string;
}

export function violate(world: World, words: string): void {
  world.violation ??= words;
}

export const has = (mask: number, index: number): boolean => (mask & (1 << index)) !== 0;
export const members = (mask: number): number[] => [0, 1, 2, 3].filter((index) => has(mask, index));
export const maskOf = <T>(list: T[], belongs: (one: T, index: number) => boolean): number =>
  list.reduce((mask, one, index) => (belongs(one, index) ? mask | (1 << index) : mask), 0);

export function requestAt(world: World, index: number): RequestState {
  const request = world.requests[index];
  if (!request) throw new Error(`There is no request ${index}.`);
  return request;
}
