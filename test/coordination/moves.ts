import { type Action, type Here, isPrivate, type Step, stepOf } from './action.ts';
import { clone } from './clone.ts';
import { crashesAfter, diesAtOnce } from './crashes.ts';
import { cycleFlow } from './cycle-flow.ts';
import { keepers } from './keepers.ts';
import { keeping } from './keeping.ts';
import { passFlow } from './pass-flow.ts';
import { people } from './people.ts';
import { requestFlow } from './request-flow.ts';
import { laterComes, tidy } from './settling.ts';
import { aProcess, type Process, type World } from './world.ts';

export const STEPS: Record<string, Step> = {
  ...requestFlow,
  ...passFlow,
  ...cycleFlow,
  ...keepers,
  ...keeping,
  ...people,
};
export const ACTIONS = new Map<string, Action>(
  Object.entries(STEPS).flatMap(([step, actions]) =>
    Object.entries(actions).map(([name, action]) => [`${step}.${name}`, action] as const),
  ),
);

/** Whose process it is; worlds are copied, so it is looked up in each. */
export interface Where {
  of: 'requests' | 'cycles' | 'verification' | 'helpers';
  index: number;
  orphan: boolean;
}

export interface Move {
  label: string;
  world: World;
  isCrash: boolean;
}

/** Everything that may happen next. */
export function movesOf(world: World): Move[] {
  const found: Move[] = [];
  const processes = processesOf(world);
  const apart = processes.find((where) => isApart(at(world, where)));
  for (const where of apart ? [apart] : processes) {
    const here = at(world, where);
    const action = ACTIONS.get(here.me.at);
    if (!action) continue;
    for (const choice of choicesOf(action, here)) go(clone(world), where, choice, '', found);
    if (!where.orphan && where.of !== 'helpers') diesAtOnce(world, where, found);
  }
  if (apart) return found;
  const later = laterComes(world);
  return later ? [...found, { label: 'time passes', world: later, isCrash: false }] : found;
}

/**
 * What comes next of this process, its crashes included, commutes with everything that others may
 * do. So whatever happens at all happens also in the order in which it comes first, and no other
 * order need be looked at. That only so many crashes may happen is no dependence: a crash that comes
 * first in one order is among the same crashes in every other. No such action begins a loop.
 */
function isApart(here: Here): boolean {
  const action = ACTIONS.get(here.me.at);
  return action !== undefined && isPrivate(action, here) && choicesOf(action, here).length > 0;
}

const choicesOf = (action: Action, here: Here) => action.choices?.(here) ?? [0];

/** One action, and those after it that nobody else can tell apart from it. */
function go(world: World, where: Where, choice: number, before: string, found: Move[]): void {
  const here = at(world, where);
  const from = here.me.at;
  const action = ACTIONS.get(from);
  if (!action) throw new Error(`There is no action ${from}.`);
  const label = `${before}${before && ', '}${nameOf(where)} ${from}${choice ? ` ${choice}` : ''}`;
  const next = action.run(here, choice);
  if (world.may.crash > 0) crashesAfter(world, where, { from, next, action, label, found });
  const following = goesOn(here, where, next) ? ACTIONS.get(next) : undefined;
  const choices =
    following && isPrivate(following, here) && !world.violation ? choicesOf(following, here) : [];
  for (const one of choices) go(clone(world), where, one, label, found);
  if (choices.length > 0) return;
  tidy(world);
  found.push({ label, world, isCrash: false });
}

/** @returns false when the process has ended */
function goesOn(
  { world, me, isOrphan, request, turn }: Here,
  { of, index }: Where,
  next: string,
): boolean {
  const isNewStep = stepOf(next) !== stepOf(me.at);
  if (next !== '' && !(isOrphan && isNewStep)) {
    me.at = next;
    if (isNewStep) Object.assign(me, { want: undefined, seen: undefined, move: undefined });
    return true;
  }
  if (of === 'helpers') world.helpers[index] = aProcess(me.home ?? 'done', me.home);
  else if (isOrphan) (of === 'requests' ? request : turn).orphan = undefined;
  else {
    const owner = of === 'requests' ? request : turn;
    owner.flow = undefined;
    if (owner.execution === 'running') owner.execution = 'succeeded';
  }
  return false;
}

export function at(world: World, { of, index, orphan }: Where): Here {
  const line = of === 'cycles' ? 'cycles' : 'verification';
  const request = of === 'requests' ? world.requests[index] : undefined;
  const turn = of === 'cycles' || of === 'verification' ? world.lines[of].turns[index] : undefined;
  const owner = request ?? turn;
  const me = of === 'helpers' ? world.helpers[index] : orphan ? owner?.orphan : owner?.flow;
  if (!me) throw new Error(`${of} ${index} has no process.`);
  return {
    world,
    me,
    index,
    line,
    isOrphan: orphan,
    request: request as Here['request'],
    turn: turn as Here['turn'],
  };
}

const nameOf = ({ of, index, orphan }: Where) => `${of} ${index + 1}${orphan ? ' (stopped)' : ''}:`;

function processesOf({ requests, lines, helpers }: World): Where[] {
  const owned = (of: Where['of'], owners: { flow?: Process; orphan?: Process }[]) =>
    owners.flatMap(({ flow, orphan }, index) => [
      ...(flow ? [{ of, index, orphan: false }] : []),
      ...(orphan ? [{ of, index, orphan: true }] : []),
    ]);
  return [
    ...owned('requests', requests),
    ...owned('cycles', lines.cycles.turns),
    ...owned('verification', lines.verification.turns),
    ...helpers.map((_, index) => ({ of: 'helpers' as const, index, orphan: false })),
  ];
}
