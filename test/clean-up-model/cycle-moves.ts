import type { Mistake, World } from './world.ts';
import { clone, objectsOf, partitionPrefix, snapshotPrefix } from './world.ts';

/** When a cycle ends in this model; long enough ago for all of it to be due. */
const ENDED = '2026-01-02T00:00:00.000Z';

export type Move = [name: string, world: World];

const changed = (world: World, change: (next: World) => void): World => {
  const next = clone(world);
  change(next);
  return next;
};

/** The single writes of a cycle, in their order. Each of a zombie's may come at any time, or never. */
const WRITES = [
  'putPartition',
  'writeRows',
  'beginTable',
  'writeTable',
  'readPointer',
  'publish',
  'end',
  'letGo',
] as const;

export function cycleMoves(world: World, mistakes: ReadonlySet<Mistake>): Move[] {
  const moves: Move[] = [];
  if (world.toCome > 0 && world.holder === null)
    for (const refreshes of [true, false])
      moves.push([
        `a cycle begins${refreshes ? '' : ', and refreshes nothing'}`,
        changed(world, (next) => {
          next.toCome -= 1;
          next.n += 1;
          const cycle = `c-${next.n}`;
          next.holder = cycle;
          next.cycles[cycle] = {};
          next.atWork.push({ cycle, next: refreshes ? 0 : 2, refreshes });
        }),
      ]);
  for (const [index, { cycle, next: at }] of world.atWork.entries()) {
    const write = WRITES[at];
    const after = write && writeOf(world, index, write, mistakes);
    if (after) moves.push([`${cycle} ${write}`, after]);
    if (world.holder !== cycle) {
      // Nobody of a stopped cycle lives for ever.
      moves.push([`${cycle} is gone`, changed(world, (next) => void next.atWork.splice(index, 1))]);
    } else if (world.stops > 0) {
      moves.push([
        `${cycle} is stopped`,
        changed(world, (next) => {
          next.stops -= 1;
          next.holder = null;
        }),
      ]);
    }
  }
  // The sweep ends what has lost its turn.
  for (const [cycle, row] of Object.entries(world.cycles))
    if (!row.endedAt && world.holder !== cycle)
      moves.push([
        `the sweep ends ${cycle}`,
        changed(world, (next) => {
          next.cycles[cycle] = { ...row, endedAt: ENDED };
        }),
      ]);
  return moves;
}

/** The world after one write; `undefined`: this cycle can do nothing any more. */
function writeOf(
  world: World,
  index: number,
  write: (typeof WRITES)[number],
  mistakes: ReadonlySet<Mistake>,
): World | undefined {
  return changed(world, (next) => {
    const me = next.atWork[index];
    if (!me) return;
    const { cycle } = me;
    const row = next.cycles[cycle] ?? {};
    me.next += 1;
    switch (write) {
      case 'putPartition':
        next.partitions[`${cycle}.1`] = { cycle };
        return;
      case 'writeRows':
        next.objects.push(...objectsOf(partitionPrefix(cycle)));
        return;
      case 'beginTable':
        next.cycles[cycle] = { ...row, built: true };
        return;
      case 'writeTable':
        next.objects.push(...objectsOf(snapshotPrefix(cycle)));
        return;
      case 'readPointer':
        if (next.pointer) me.previous = next.pointer;
        return;
      case 'publish': {
        const previous = me.previous ?? '';
        const before = next.snapshots[previous];
        const holds = next.holder === cycle || mistakes.has('publishForgetsItsTurn');
        if (!holds || next.pointer !== previous || next.snapshots[cycle] || !before) {
          next.atWork.splice(index, 1);
          return;
        }
        next.pointer = cycle;
        next.snapshots[cycle] = { crm: me.refreshes ? `${cycle}.1` : before.crm };
        next.snapshots[previous] = { ...before, supersededAt: ENDED };
        next.cycles[cycle] = { ...row, publishedAt: ENDED };
        return;
      }
      case 'end':
        if (!row.endedAt) next.cycles[cycle] = { ...row, endedAt: ENDED };
        return;
      case 'letGo':
        if (next.holder === cycle) next.holder = null;
        next.atWork.splice(index, 1);
        return;
      default:
        write satisfies never;
    }
  });
}
