import { begun, endedBy, type Lock } from '../../lambdas/domain/turn.ts';
import type { Here, Privacy } from './action.ts';
import type { LineName } from './line-names.ts';
import { sweeperStandsIn } from './setup.ts';
import { aProcess, NOW, type World } from './world.ts';

/** Where an execution begins. */
export const FIRST_ACTION = { cycles: 'closeDoor.begin', verification: 'beginPass.begin' } as const;

/** @returns false when it is not as it was seen any more */
export function changeLock(
  world: World,
  line: LineName,
  seen: Lock | undefined,
  next: Lock,
): boolean {
  const state = world.lines[line];
  const isAsSeen = state.lock?.version === seen?.version;
  if (!isAsSeen && world.setup.mistake !== 'changesLockWithoutCondition') return false;
  state.lock = { ...next, version: (state.lock?.version ?? 0) + 1 };
  return true;
}

/** A name is started once. Who was named before the present holder has been started long ago. */
export function startTurn(
  world: World,
  line: LineName,
  { holder = '', startsAt = NOW }: Lock,
): void {
  const { lock, turns } = world.lines[line];
  if (lock?.holder !== holder || turns.some(({ name }) => name === holder)) return;
  turns.push({
    name: holder,
    execution: 'running',
    startsAt,
    flow: aProcess(FIRST_ACTION[line]),
    orphan: undefined,
    row: undefined,
  });
}

/** Reading the lock and changing it: repeated until nobody comes between the two. */
export function begins({ world, turn }: Here, line: LineName): boolean {
  const { lock } = world.lines[line];
  const next = begun(lock, turn.name);
  if (!next) return world.setup.mistake === `${line === 'cycles' ? 'door' : 'pass'}ChecksNoTurn`;
  return lock?.begun || changeLock(world, line, lock, next);
}

/** Who does not hold the line never will again, and does nothing to it any more. */
export const holds = ({ world, turn }: Here, line: LineName) =>
  world.lines[line].lock?.holder === turn.name;

export const whenToLetGo = (here: Here, line: LineName): Privacy | undefined =>
  !holds(here, line) || sweeperStandsIn(here.world.setup) ? 'whileAlive' : undefined;

export function letsGo({ world, turn }: Here, line: LineName): void {
  const { lock } = world.lines[line];
  const next = endedBy(lock, turn.name);
  if (next) changeLock(world, line, lock, next);
}
