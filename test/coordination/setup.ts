import type { World } from './world.ts';

/** What is known to be wrong, and must be found. */
export type Mistake =
  /** The next turn is looked for while this one still holds the line. */
  | 'ensuresBeforeLettingGo'
  /** A token is answered before the answer is recorded. */
  | 'deliversBeforeRecording'
  | 'recordsWithoutCondition'
  | 'sleepsWithoutCondition'
  | 'changesLockWithoutCondition'
  | 'doorChecksNoTurn'
  | 'passChecksNoTurn'
  /** Members leave the queue when the door closes, not when they are released. */
  | 'unqueuesAtTheDoor'
  /** A cycle releases who is queued when it ends, not who was when its door closed. */
  | 'releasesLateJoiners'
  /** Nobody repeats what a decision to close did not come to. */
  | 'cancelsOnlyOnce'
  | 'writesToClosedRequests'
  | 'asksAboutOldAttempts'
  /** Nobody goes on with a line that was resumed, when the call died. */
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
  helpers: ('sweeper' | 'rule' | 'schedule' | 'canceller' | 'tenantAdmin' | 'operator')[];
  /** Nobody looks after what died, so that only what must never happen is looked for. */
  unattended?: boolean;
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
