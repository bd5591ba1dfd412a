import { clone } from './clone.ts';
import { LATER, NOW, type Turn, type World } from './world.ts';

/**
 * Turns that have ended, and of which nothing goes on any more, matter to nobody. Of two that have
 * lost the line and are about to do the same, one may stand for both, where the sweeper looks too.
 */
export function tidy({ lines, setup }: World): void {
  for (const state of Object.values(lines)) {
    const isLost = ({ name }: Turn) => name !== state.lock?.holder;
    state.turns = state.turns.filter(
      (turn) => turn.execution === 'running' || turn.orphan || !isLost(turn),
    );
    if (!setup.helpers.includes('sweeper')) continue;
    state.turns = state.turns.filter(
      (turn, index, all) =>
        !isLost(turn) ||
        turn.orphan ||
        !all.slice(0, index).some((other) => isLost(other) && isSame(turn, other)),
    );
  }
}

const isSame = (one: Turn, other: Turn) =>
  !other.orphan &&
  one.startsAt === other.startsAt &&
  one.flow?.at === other.flow?.at &&
  one.flow?.want === other.flow?.want &&
  !one.flow?.move;

/** The next time at which subjects are asked about. */
export function laterComes(world: World): World | undefined {
  const { lock, turns } = world.lines.verification;
  const waits =
    lock?.startsAt === LATER ||
    turns.some(({ startsAt }) => startsAt === LATER) ||
    world.requests.some(({ verifying }) => verifying?.some(({ nextAskAt }) => nextAskAt === LATER));
  if (!waits) return undefined;
  const next = clone(world);
  const { verification } = next.lines;
  if (verification.lock?.startsAt === LATER)
    verification.lock = { ...verification.lock, startsAt: NOW };
  for (const turn of verification.turns) turn.startsAt = NOW;
  for (const request of next.requests)
    request.verifying = request.verifying?.map((state) => ({ ...state, nextAskAt: NOW }));
  return next;
}
