import { type HolderState, holderKnown, LINES, nextMove } from '../../lambdas/domain/turn.ts';
import type { Action, Here } from './action.ts';
import type { LineName } from './line-names.ts';
import { sweeperStandsIn } from './setup.ts';
import { has, NOW, type Process, type World } from './world.ts';

/** What a caller goes by when it looks whether a line needs its next turn. */
export interface Look {
  /** Its own wish spares looking at everybody's. */
  given?: boolean;
  askHolder?: boolean;
}

/** Chosen when the sweeper does later what this caller would do. */
export const NOT_AT_ALL = 2;
/** Chosen when what was wanted has changed since it was read. */
const AS_IT_WAS = 1;

/**
 * Reads when the earliest wants a turn. That may be out of date when the lock is read. If it said
 * nobody, and no holder is dead, nothing comes of it, then or now. So it matters in two ways only,
 * which stand as choices unless each read is explored by itself (`fine`).
 */
export const readWanted = (line: LineName, look: Look, at: string, next: string): Action => ({
  reads: true,
  choices: choicesOf(line, look),
  run: ({ world, me }, choice) => {
    if (choice === NOT_AT_ALL) return next;
    const wanted = wantedAt(world, line);
    const before = wanted === undefined ? NOW : undefined;
    me.want = choice === AS_IT_WAS ? before : wanted;
    return at;
  },
});

export const choicesOf =
  (line: LineName, look: Look) =>
  ({ world, me }: Here): number[] => {
    const asksHolder = Boolean(look.askHolder || me.ended);
    const mayBeOutOfDate = !world.setup.fine && !look.given && isOutOfDate(world, line, asksHolder);
    return [
      0,
      ...(mayBeOutOfDate ? [AS_IT_WAS] : []),
      ...(!asksHolder && sweeperStandsIn(world.setup) && movesLine(world, line, look, me)
        ? [NOT_AT_ALL]
        : []),
    ];
  };

/** Whether anything would come of looking now. */
export function movesLine(world: World, line: LineName, look: Look, me: Process): boolean {
  const { lock } = world.lines[line];
  const asksHolder = Boolean(look.askHolder || me.ended);
  if (world.setup.fine || lock?.stuck || isOutOfDate(world, line, asksHolder)) return true;
  const wanted = look.given ? NOW : wantedAt(world, line);
  return nextMove(LINES[line], lock, wanted, holderSeen(world, line, look, me)).move !== 'none';
}

/** What this caller finds out about the holder. */
export function holderSeen(world: World, line: LineName, look: Look, me: Process): HolderState {
  const { lock, turns } = world.lines[line];
  const ended = me.ended ? { name: me.ended, state: 'died' as const } : undefined;
  const known = holderKnown(lock, { askHolder: look.askHolder, ended });
  if (known !== 'ask') return known;
  return turns.find(({ name }) => name === lock?.holder)?.execution ?? 'missing';
}

function isOutOfDate(world: World, line: LineName, asksHolder: boolean): boolean {
  const { lock, turns } = world.lines[line];
  if (wantedAt(world, line) === undefined) return !lock?.holder && wasWanted(world, line);
  return (
    asksHolder && turns.some(({ name, execution }) => name === lock?.holder && execution === 'died')
  );
}

function wasWanted({ requests, helpers }: World, line: LineName): boolean {
  if (line === 'cycles' && helpers.some(({ at }) => at === 'done')) return true;
  return requests.some(
    ({ round, asked, joined }) => round > 1 || (line === 'cycles' ? joined : asked),
  );
}

function wantedAt({ requests, refreshQueued }: World, line: LineName): string | undefined {
  if (line === 'cycles')
    return refreshQueued || requests.some(({ queued }) => queued) ? NOW : undefined;
  const asks = requests.flatMap(({ verifying = [], needs }) =>
    verifying.flatMap(({ nextAskAt }, source) => (has(needs, source) ? [nextAskAt] : [])),
  );
  return asks.sort()[0];
}
