import type { LineName } from './line-names.ts';
import { mayStillCancel } from './setup.ts';
import type { Process, RequestState, Turn, World } from './world.ts';

/** Whose action it is, and where it happens. */
export interface Here {
  world: World;
  me: Process;
  /** Of a request's flow. */
  index: number;
  request: RequestState;
  /** Of a turn of a line. */
  line: LineName;
  turn: Turn;
  isOrphan: boolean;
}

/** One read or one conditional write; what several processes do is explored in every order of them. */
export interface Action {
  /** Who dies right after a read might as well have died before it. */
  reads?: true;
  /**
   * Nobody else can tell when it happens, so it happens at once: `always`; unless its execution was
   * stopped and the line may have gone on (`whileAlive`); or unless, besides, somebody may decide to
   * close the request (`unlessCancelled`).
   */
  private?: Privacy | ((here: Here) => Privacy | undefined);
  /** Done by Step Functions itself: there is no process that could die. */
  byService?: true;
  /** Asked again, the step gives its recorded result: as if it had not died. */
  repeatsResult?: true;
  /** What may happen; nothing while it is blocked. */
  choices?(here: Here): number[];
  /** @returns the next action, `''` when the process has ended */
  run(here: Here, choice: number): string;
}

export type Step = Record<string, Action>;

export const stepOf = (at: string): string => at.slice(0, at.indexOf('.'));

export type Privacy = 'always' | 'whileAlive' | 'unlessCancelled';

export function isPrivate(action: Action, here: Here): boolean {
  const { world, isOrphan } = here;
  if (world.setup.fine) return false;
  const how = typeof action.private === 'function' ? action.private(here) : action.private;
  if (how === 'whileAlive') return !isOrphan;
  if (how === 'unlessCancelled') return !isOrphan && !mayStillCancel(world);
  return how === 'always';
}
