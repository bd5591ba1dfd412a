import { aProcess, NOW, type RequestState, type World } from './world.ts';

/** What is known to be wrong: each must be found. */
export type Mistake =
  | 'ensuresBeforeLettingGo'
  | 'deliversBeforeRecording'
  | 'doorChecksNoTurn'
  | 'passChecksNoTurn'
  | 'releasesWithoutCondition'
  | 'sleepsWithoutCondition'
  | 'unqueuesAtTheDoor'
  | 'cancelsOnlyOnce'
  | 'writesToClosedRequests'
  | 'forgetsAnsweredFault';

/** What there is in a world, and how often it may go wrong. */
export interface Setup {
  /** For each request, a mask of the sources that it needs. */
  requests: number[];
  sources: number;
  /** A process dies between two actions; its step is retried, or its execution has died. */
  crashes: number;
  /** Executions that are stopped may leave their running step going on unheard. */
  orphans?: boolean;
  /** Answers of a source that it still holds somebody; `never`: no source ever lets go. */
  stillHolds?: number | 'never';
  failures?: number;
  reappearances?: number;
  rounds?: number;
  helpers: ('sweeper' | 'rule' | 'schedule' | 'canceller' | 'operator')[];
  /** Explore also between actions that nobody else can tell apart. */
  fine?: boolean;
  mistake?: Mistake;
}

export const cancels = ({ helpers }: Setup): boolean => helpers.includes('canceller');

/** Whether somebody may still decide to close a request, or is about to tell who waits. */
export const mayStillCancel = ({ helpers }: World): boolean =>
  helpers.some(({ at }) => at.startsWith('canceller.'));

/**
 * Whether the sweeper may stand in for who comes late, so that fewer orders need be looked at:
 * - What a step ensures at its end happens at once or not at all. Late, it would take and start the
 *   same turns as the sweeper does, who looks again and again.
 * - A turn is let go as soon as nothing else is left of it. Who looked before that and found it held
 *   has the same choice after: not at all.
 * - A flow goes to sleep before it is answered. Who is answered before passes by; asleep, it is
 *   woken by the delivery, or by the sweeper's.
 * All orders are explored where there is no sweeper, and where every action is looked at (`fine`).
 */
export const sweeperStandsIn = ({ helpers, fine }: Setup): boolean =>
  helpers.includes('sweeper') && !fine;

/** Where an execution begins; resolving matters only for who is closing already. */
export const flowStart = (setup: Setup): string =>
  cancels(setup) ? 'resolve.read' : 'askSources.record';

const HOMES = {
  sweeper: aProcess('sweeper.idle', 'sweeper.idle'),
  rule: aProcess('rule.idle', 'rule.idle'),
  schedule: aProcess('schedule.queue'),
  canceller: aProcess('canceller.decide'),
  operator: aProcess('operator.idle', 'operator.idle'),
};

/** All requests have been accepted and started; that they come at different times is in the order. */
export const aWorld = (setup: Setup): World => ({
  setup,
  requests: setup.requests.map((needs) => aRequest(setup, needs)),
  lines: { cycles: { turns: [] }, verification: { turns: [] } },
  refreshQueued: false,
  helpers: setup.helpers.map((name) => ({ ...HOMES[name] })),
  may: {
    crash: setup.crashes,
    stillHold: setup.stillHolds === 'never' ? 0 : (setup.stillHolds ?? 0),
    failToRefresh: setup.failures ?? 0,
    reappear: setup.reappearances ?? 0,
  },
});

const aRequest = (setup: Setup, needs: number): RequestState => ({
  needs,
  status: 'open',
  closing: undefined,
  round: 1,
  attempt: 1,
  restarts: 0,
  execution: 'running',
  orphan: undefined,
  cycleResult: undefined,
  verdict: undefined,
  decided: undefined,
  certified: undefined,
  verifying: undefined,
  flow: aProcess(flowStart(setup)),
  asked: false,
  verified: false,
  joined: false,
  questioned: false,
  pauses: {},
  queued: false,
  releases: 0,
});

export const dueNow = () => ({ asks: 0, nextAskAt: NOW });
