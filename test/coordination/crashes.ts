import { type Action, stepOf } from './action.ts';
import { clone } from './clone.ts';
import { ACTIONS, at, type Move, STEPS, type Where } from './moves.ts';
import { setPause } from './pauses.ts';
import { tidy } from './settling.ts';
import { cancels, flowStart } from './setup.ts';
import { FIRST_ACTION } from './turns.ts';
import { aProcess, PAUSES, type World } from './world.ts';

interface Done {
  from: string;
  next: string;
  action: Action;
  label: string;
  found: Move[];
}

/**
 * What happens when the process dies right after a write. After a read it would be the same: what
 * it had read is lost, and nobody else has noticed. For the same reason an execution dies where its
 * last write was, and not while it sleeps.
 */
export function crashesAfter(world: World, where: Where, done: Done): void {
  const { from, next, action } = done;
  if (action.reads || where.orphan) return;
  if (where.of === 'helpers') {
    if (next === '') return;
    crash(world, done, 'dies', (after) => {
      const { me } = at(after, where);
      after.helpers[where.index] = aProcess(me.home ?? 'done', me.home);
    });
    return;
  }
  if (!action.byService && !action.repeatsResult)
    crash(world, done, 'is retried', (after) => retry(after, where, from));
  crash(world, done, 'has died', (after) => die(after, where));
  const goesOnIn = world.setup.orphans && ACTIONS.has(next) && !next.endsWith('Wait.token');
  const owner = at(world, where).request ?? at(world, where).turn;
  if (goesOnIn && !owner.orphan)
    crash(world, done, 'was stopped', (after) => stop(after, where, next));
}

/** An execution may die before its first action. */
export function diesAtOnce(world: World, where: Where, found: Move[]): void {
  const { me } = at(world, where);
  const first =
    where.of === 'requests' ? flowStart(world.setup) : FIRST_ACTION[where.of as 'cycles'];
  if (world.may.crash === 0 || me.at !== first) return;
  const done = { from: me.at, label: `${where.of} ${where.index + 1}`, found };
  crash(world, done, 'has died at once', (after) => die(after, where));
}

function crash(
  world: World,
  { label, found }: Pick<Done, 'label' | 'found'>,
  how: string,
  happen: (after: World) => void,
): void {
  const after = clone(world);
  after.may.crash -= 1;
  happen(after);
  tidy(after);
  found.push({ label: `${label}, and ${how}`, world: after, isCrash: true });
}

function retry(world: World, where: Where, from: string): void {
  const { me } = at(world, where);
  const step = stepOf(from);
  // An item of a Map is tried again alone; the others are not lost with it.
  const left = step === 'askSource' ? me.left | (1 << me.attempt) : 0;
  Object.assign(me, aProcess(firstOf(world, step)), {
    left,
    want: undefined,
    seen: undefined,
    move: undefined,
  });
}

/** Where a step begins; reading whether the request is closing matters only where it may be. */
function firstOf({ setup }: World, step: string): string {
  const [first = '', second = ''] = Object.keys(STEPS[step] ?? {});
  const skipsReading = first === 'read' && second === 'record' && !cancels(setup);
  return `${step}.${skipsReading ? second : first}`;
}

function die(world: World, where: Where): void {
  const { request, turn } = at(world, where);
  const owner = request ?? turn;
  owner.flow = undefined;
  owner.execution = 'died';
  for (const name of request ? PAUSES : []) {
    const pause = request.pauses[name];
    if (pause?.token) setPause(request, name, { ...pause, token: false });
  }
}

function stop(world: World, where: Where, next: string): void {
  const { me, request, turn } = at(world, where);
  const orphan = { ...me, at: next };
  die(world, where);
  (request ?? turn).orphan = orphan;
}
