import { expect, it } from '@jest/globals';
import { afterHold, interruptionOf, whyNotHeld } from '../../lambdas/domain/hold.ts';
import type { Request } from '../../lambdas/domain/request.ts';

/*
 * One request, its flow, a pass, a cycle, and somebody who may hold and release it at any time, each
 * between any two reads and writes of the others; the flow may die anywhere. What is decided is
 * decided by the domain.
 */
type Irreversible = 'asked' | 'joined' | 'certified';
type Wait = 'open' | 'answered' | 'held';
interface World {
  request: Pick<Request, 'round' | 'extraRounds' | 'legalHold' | 'certifiedAt'>;
  /** The flow: its step, its round, and whether it has read the request and not written yet. */
  at: 'resolve' | 'ask' | 'sources' | 'join' | 'cycle' | 'look' | 'certify' | 'hold' | 'done';
  inRound: number;
  mayWrite: boolean;
  /** By round. */
  sources: Record<number, Wait>;
  cycle: Record<number, Wait>;
  proven: number[];
  /** Whoever placed a hold has still to end what the request waits for of machines. */
  pausing: boolean;
  holdsLeft: number;
  crashesLeft: number;
  broken?: string;
}
type Mistake = 'writesWithoutCondition' | 'goesOnInTheSameRound';

const START: World = {
  request: { round: 1 },
  at: 'resolve',
  inRound: 1,
  mayWrite: false,
  sources: {},
  cycle: {},
  proven: [],
  pausing: false,
  holdsLeft: 2,
  crashesLeft: 1,
};

function* next(world: World, mistake?: Mistake): Generator<World> {
  yield* flow(world, mistake);
  yield* machines(world);
  yield* people(world, mistake);
  if (world.at !== 'done' && world.crashesLeft > 0)
    yield { ...world, at: 'resolve', mayWrite: false, crashesLeft: world.crashesLeft - 1 };
}

function* flow(world: World, mistake?: Mistake): Generator<World> {
  const { request, at, inRound, mayWrite } = world;
  const to = (step: World['at'], also: Partial<World> = {}): World => ({
    ...world,
    at: step,
    mayWrite: false,
    ...also,
  });
  if (at === 'resolve') yield to(request.legalHold ? 'hold' : 'ask', { inRound: request.round });
  if (at === 'sources' && world.sources[inRound] !== 'open') yield to('join');
  if (at === 'cycle' && world.cycle[inRound] !== 'open') yield to('look');
  if (at === 'hold' && !request.legalHold) yield to('resolve');
  if (at === 'look') {
    const interruption = interruptionOf(request, inRound);
    if (interruption) yield to(interruption.outcome === 'held' ? 'hold' : 'resolve');
    else if (world.proven.includes(inRound)) yield to('certify');
  }
  if (at !== 'ask' && at !== 'join' && at !== 'certify') return;
  if (!mayWrite) {
    const interruption = interruptionOf(request, inRound);
    if (!interruption) yield { ...world, mayWrite: true };
    else yield to(interruption.outcome === 'held' ? 'hold' : 'resolve');
    return;
  }
  // The condition of the write; refused, the step is run again.
  if (interruptionOf(request, inRound) && mistake !== 'writesWithoutCondition')
    yield { ...world, mayWrite: false };
  else yield write(world, to);
}

function write(world: World, to: (step: World['at'], also: Partial<World>) => World): World {
  const { at, inRound, request } = world;
  const does = (what: Irreversible, step: World['at'], also: Partial<World>): World =>
    to(step, {
      ...also,
      broken: request.legalHold ? `${what} while it was on hold` : world.broken,
    });
  if (at === 'ask')
    return world.sources[inRound]
      ? to('sources', {})
      : does('asked', 'sources', { sources: { ...world.sources, [inRound]: 'open' } });
  if (at === 'join') {
    const verified = world.sources[inRound] === 'answered';
    const joined = does('joined', 'cycle', { cycle: { ...world.cycle, [inRound]: 'open' } });
    if (world.cycle[inRound]) return to('cycle', {});
    return verified ? joined : { ...joined, broken: 'joined before the sources let go' };
  }
  return does('certified', 'done', { request: { ...request, certifiedAt: 'now' } });
}

/** A pass and a cycle answer whoever waits; a held request is in neither. */
function* machines(world: World): Generator<World> {
  for (const [round, wait] of Object.entries(world.sources))
    if (wait === 'open') yield { ...world, sources: { ...world.sources, [round]: 'answered' } };
  for (const [round, wait] of Object.entries(world.cycle))
    if (wait === 'open')
      yield {
        ...world,
        cycle: { ...world.cycle, [round]: 'answered' },
        proven: [...world.proven, Number(round)],
      };
}

function* people(world: World, mistake?: Mistake): Generator<World> {
  const { request, holdsLeft } = world;
  if (holdsLeft > 0 && !whyNotHeld(request)) {
    const legalHold = { n: 1, since: '', by: '', reasonCode: '' };
    const held = { ...request, legalHold };
    yield { ...world, request: held, holdsLeft: holdsLeft - 1, pausing: true };
  }
  if (world.pausing)
    yield { ...world, pausing: false, sources: paused(world.sources), cycle: paused(world.cycle) };
  if (request.legalHold && !world.pausing) {
    const { round, extraRounds } = afterHold(request);
    const on = mistake === 'goesOnInTheSameRound' ? request.round : round;
    yield { ...world, request: { round: on, extraRounds } };
  }
}

const paused = (waits: Record<number, Wait>): Record<number, Wait> =>
  Object.fromEntries(
    Object.entries(waits).map(([round, wait]) => [round, wait === 'open' ? 'held' : wait]),
  );

/** Every world that can be reached; which of them break a promise, and which lead to no end. */
function explore(mistake?: Mistake) {
  const worlds = new Map([[JSON.stringify(START), START]]);
  const before = new Map<string, string[]>();
  for (const [key, world] of worlds)
    for (const after of next(world, mistake)) {
      const name = JSON.stringify(after);
      before.set(name, [...(before.get(name) ?? []), key]);
      if (!worlds.has(name)) worlds.set(name, after);
    }
  const ends = [...worlds].filter(([, { at }]) => at === 'done').map(([key]) => key);
  const leading = new Set(ends);
  for (const key of leading) for (const earlier of before.get(key) ?? []) leading.add(earlier);
  return {
    worlds: worlds.size,
    broken: new Set([...worlds.values()].flatMap(({ broken }) => broken ?? [])),
    lost: worlds.size - leading.size,
  };
}

it('lets nothing irreversible begin while it stands, and loses no request', () => {
  const { worlds, broken, lost } = explore();
  expect([...broken]).toEqual([]);
  expect(lost).toBe(0);
  expect(worlds).toBeGreaterThan(500);
});

it.each([
  ['writesWithoutCondition', 'asked while it was on hold'],
  ['writesWithoutCondition', 'certified while it was on hold'],
  ['goesOnInTheSameRound', 'joined before the sources let go'],
] as const)('finds what comes of it: %s', (mistake, promise) => {
  expect([...explore(mistake).broken]).toContain(promise);
});
