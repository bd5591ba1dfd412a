import { cleanerMoves } from './cleaner-moves.ts';
import { cycleMoves, type Move } from './cycle-moves.ts';
import { type Mistake, objectsOf, snapshotPrefix, type World } from './world.ts';

/** What went wrong, and how it came to that. */
export interface Broken {
  promise: string;
  path: string[];
}

export const movesOf = (world: World, mistakes: ReadonlySet<Mistake>): Move[] => [
  ...cycleMoves(world, mistakes),
  ...cleanerMoves(world, mistakes),
];

/** Which promise a world breaks. */
export function brokenPromise(world: World): string | undefined {
  const active = world.pointer && world.snapshots[world.pointer];
  if (!active) return world.pointer ? 'the pointer names a snapshot that is not there' : undefined;
  const needed = [
    ...objectsOf(snapshotPrefix(world.pointer ?? '')),
    ...objectsOf(`partitions/crm/${active.crm}/`),
  ];
  if (needed.some((key) => !world.objects.includes(key)))
    return 'what the active snapshot names was deleted';
  const row = world.partitions[active.crm];
  if (!row || row.deleting) return 'the catalog forgets what is active';
  return brokenDeletion(world);
}

/** Of c-1, which nobody writes any more: less than all of it is marked, and what is forgotten is gone. */
function brokenDeletion(world: World): string | undefined {
  const id = 'c-1.1';
  const row = world.partitions[id];
  const there = objectsOf(`partitions/crm/${id}/`).filter((key) => world.objects.includes(key));
  if (row && !row.deleting && there.length < 2) return 'less is there, and nothing says so';
  return !row && there.length > 0 ? 'it was forgotten before it was gone' : undefined;
}

/** What must hold when nobody is at work any more. */
export function brokenEnd(world: World): string | undefined {
  const active = world.pointer && world.snapshots[world.pointer];
  if (!active || !world.pointer) return undefined;
  const mine = new Set([
    ...objectsOf(snapshotPrefix(world.pointer)),
    ...objectsOf(`partitions/crm/${active.crm}/`),
  ]);
  const left = world.objects.find((key) => !mine.has(key));
  return left && `${left} is still there, and nobody will delete it`;
}

/** Every order of every single read and write, breadth first: the first mistake is the shortest. */
export function exploreAll(
  start: World,
  mistakes: ReadonlySet<Mistake> = new Set(),
): { states: number; broken?: Broken } {
  const seen = new Map<string, { from?: string; move?: string }>([[keyOf(start), {}]]);
  let level: [string, World][] = [[keyOf(start), start]];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const [from, world] of level) {
      const moves = movesOf(world, mistakes);
      const promise =
        brokenPromise(world) ?? (isAtRest(world) ? atRest(world, mistakes) : undefined);
      if (promise) return { states: seen.size, broken: { promise, path: pathTo(from, seen) } };
      for (const [move, after] of moves) {
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.set(key, { from, move });
        next.push([key, after]);
      }
    }
    level = next;
  }
  return { states: seen.size };
}

const isAtRest = (world: World): boolean =>
  world.atWork.length === 0 &&
  world.toCome === 0 &&
  world.cleaner.next === 'over' &&
  Object.values(world.cycles).every(({ endedAt }) => endedAt);

/** When all is quiet, two more runs leave nothing that is not active. */
function atRest(world: World, mistakes: ReadonlySet<Mistake>): string | undefined {
  let quiet: World = { ...world, cleaner: { ...world.cleaner, runs: 2, crashes: 0 } };
  for (let tries = 0; tries < 500; tries += 1) {
    const [move] = cleanerMoves(quiet, mistakes);
    if (!move) return brokenEnd(quiet);
    quiet = move[1];
    const broken = brokenPromise(quiet);
    if (broken) return broken;
  }
  return 'a run does not end';
}

const keyOf = (world: World): string =>
  JSON.stringify({ ...world, objects: [...world.objects].sort() });

function pathTo(key: string, seen: Map<string, { from?: string; move?: string }>): string[] {
  const path: string[] = [];
  for (let at: string | undefined = key; at; at = seen.get(at)?.from) {
    const { move } = seen.get(at) ?? {};
    if (move) path.unshift(move);
  }
  return path;
}

/** One order, drawn at random. */
export function walk(start: World, random: () => number): Broken | undefined {
  const none = new Set<Mistake>();
  const path: string[] = [];
  let world = start;
  for (;;) {
    const promise = brokenPromise(world) ?? (isAtRest(world) ? atRest(world, none) : undefined);
    if (promise) return { promise, path };
    const moves = movesOf(world, none);
    const chosen = moves[Math.floor(random() * moves.length)];
    if (!chosen) return undefined;
    path.push(chosen[0]);
    world = chosen[1];
  }
}
