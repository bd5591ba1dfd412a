import {
  type Copy,
  dueForCleanUp,
  forgettable,
  isNamed,
  pointerTrouble,
} from '../../lambdas/domain/clean-up.ts';
import type { Move } from './cycle-moves.ts';
import { anIdleCleaner, type Cleaner, clone, type Mistake, viewOf, type World } from './world.ts';

const RULE = {
  now: new Date('2026-12-31'),
  inactiveDays: 30,
  held: [],
  atOnce: () => false,
};

const READS = ['bucket', 'pointer', 'partitions', 'snapshots', 'cycles'] as const;

/** The single reads and writes of a clean-up; it may die between any two, and begin again. */
export function cleanerMoves(world: World, mistakes: ReadonlySet<Mistake>): Move[] {
  const { cleaner } = world;
  const moves: Move[] = [];
  if (cleaner.next === 'over') {
    if (cleaner.runs > 0) moves.push(['another run begins', begun(world, { runs: -1 })]);
    return moves;
  }
  const next = clone(world);
  const what = step(next, mistakes);
  moves.push([`the clean-up ${what}`, next]);
  if (cleaner.crashes > 0) moves.push(['the clean-up dies', begun(world, { crashes: -1 })]);
  return moves;
}

function begun(world: World, less: { runs?: number; crashes?: number }): World {
  const next = clone(world);
  const { runs, crashes } = next.cleaner;
  next.cleaner = {
    ...anIdleCleaner(),
    runs: runs + (less.runs ?? 0),
    crashes: crashes + (less.crashes ?? 0),
  };
  return next;
}

function step(world: World, mistakes: ReadonlySet<Mistake>): string {
  const { cleaner } = world;
  const read = READS.find((one) => one === cleaner.next);
  if (!read) return copyStep(world, mistakes);
  if (read === 'bucket') cleaner.seen.objects = [...world.objects];
  else if (read === 'pointer') cleaner.seen.pointer = world.pointer;
  else Object.assign(cleaner.seen, { [read]: clone(world[read]) });
  const following = READS[READS.indexOf(read) + 1];
  cleaner.next = following ?? 'copies';
  if (!following) list(cleaner, mistakes);
  return `reads ${read}`;
}

function list(cleaner: Cleaner, mistakes: ReadonlySet<Mistake>): void {
  const {
    objects = [],
    pointer = null,
    partitions = {},
    snapshots = {},
    cycles = {},
  } = cleaner.seen;
  const all = mistakes.has('cleansWhatARunningCycleBuilds')
    ? Object.fromEntries(
        Object.entries(cycles).map(([cycle, row]) => [
          cycle,
          { ...row, endedAt: row.endedAt ?? '2026-01-02T00:00:00.000Z' },
        ]),
      )
    : cycles;
  const view = viewOf({ objects, pointer, partitions, snapshots, cycles: all });
  cleaner.list = pointerTrouble(view) ? [] : dueForCleanUp(view, RULE).due;
  cleaner.seen = {};
  cleaner.begins = mistakes.has('deletesFirstAndMarksLater') ? 'delete' : 'look';
  cleaner.at = cleaner.begins;
  if (cleaner.list.length === 0) cleaner.next = 'over';
}

const rowOf = (world: World, { copy }: Copy) => {
  const [kind, name = '', id = ''] = copy.split(' ');
  if (kind === 'source') return world.partitions[id];
  return kind === 'snapshot' ? world.cycles[name] : undefined;
};

function copyStep(world: World, mistakes: ReadonlySet<Mistake>): string {
  const { cleaner } = world;
  const [copy] = cleaner.list;
  if (!copy) throw new Error('There is no copy to delete.');
  const isCareless = mistakes.has('deletesFirstAndMarksLater');
  switch (cleaner.at) {
    case 'look': {
      const active = world.pointer ?? undefined;
      const snapshot = active ? world.snapshots[active] : undefined;
      const named =
        !snapshot ||
        isNamed({ snapshotId: active, partitions: { crm: snapshot.crm } } as never, copy);
      if (named) return done(world, 'finds it active');
      cleaner.active = active ?? '';
      cleaner.at = 'mark';
      return `looks before ${copy.copy}`;
    }
    case 'mark': {
      const row = rowOf(world, copy);
      const isStranger = copy.why === 'unknownToCatalog';
      const moved = world.pointer !== cleaner.active && !mistakes.has('markForgetsThePointer');
      const itsTurn = world.holder === copy.cycleId && !mistakes.has('markForgetsTheTurn');
      if (moved) {
        cleaner.at = 'look';
        return 'sees that the pointer has moved';
      }
      if (itsTurn || (!isStranger && !row) || (isStranger && isKnown(world, copy)))
        return done(world, `may not mark ${copy.copy}`);
      if (row) row.deleting = true;
      cleaner.at = isCareless ? 'forget' : 'delete';
      return `marks ${copy.copy}`;
    }
    case 'delete': {
      const key = world.objects.find((one) => one.startsWith(copy.prefix));
      world.objects = world.objects.filter((one) => one !== key);
      if (!key || mistakes.has('forgetsBeforeItIsEmpty'))
        cleaner.at = isCareless ? 'look' : 'assert';
      return `deletes of ${copy.copy}`;
    }
    case 'assert':
      if (
        world.objects.some((one) => one.startsWith(copy.prefix)) &&
        !mistakes.has('forgetsBeforeItIsEmpty')
      )
        cleaner.at = 'delete';
      else cleaner.at = 'forget';
      return `lists ${copy.copy}`;
    case 'forget':
      forget(world, copy);
      return done(world, `forgets ${copy.copy}`);
    default:
      return cleaner.at satisfies never;
  }
}

const isKnown = (world: World, { prefix }: Copy): boolean => {
  const [folder, name = '', id = ''] = prefix.split('/');
  if (folder === 'partitions') return world.partitions[id] !== undefined;
  const cycle = world.cycles[name];
  return cycle !== undefined && !cycle.endedAt;
};

function forget(world: World, copy: Copy): void {
  const at = '2026-12-31T00:00:00.000Z';
  const [kind, name = '', id = ''] = copy.copy.split(' ');
  if (kind === 'source' && world.partitions[id]?.deleting) delete world.partitions[id];
  const cycle = world.cycles[name];
  if (kind !== 'snapshot' || !cycle?.deleting) return;
  delete cycle.deleting;
  cycle.emptiedAt = at;
  const snapshot = world.snapshots[name];
  if (snapshot) snapshot.emptiedAt = at;
}

/** On to the next copy; after the last one, rows of which nothing follows are forgotten. */
function done(world: World, what: string): string {
  const { cleaner } = world;
  cleaner.list.shift();
  cleaner.at = cleaner.begins;
  delete cleaner.active;
  if (cleaner.list.length > 0) return what;
  cleaner.next = 'over';
  const { snapshots, partitions } = viewOf(world);
  for (const gone of forgettable(snapshots, partitions)) delete world.snapshots[gone];
  return what;
}
