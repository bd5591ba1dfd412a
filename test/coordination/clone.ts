import type { LineState, Process, RequestState, Turn, World } from './world.ts';

/** Rows, locks and moves are replaced, never changed, so copies share them. */
export const clone = (world: World): World => ({
  ...world,
  requests: world.requests.map(request),
  lines: { cycles: line(world.lines.cycles), verification: line(world.lines.verification) },
  helpers: world.helpers.map((helper) => ({ ...helper })),
  may: { ...world.may },
});

const process = (one: Process | undefined): Process | undefined => one && { ...one };

const request = (one: RequestState): RequestState => ({
  ...one,
  flow: process(one.flow),
  orphan: process(one.orphan),
});

const line = (one: LineState): LineState => ({ ...one, turns: one.turns.map(turn) });

const turn = (one: Turn): Turn => ({
  ...one,
  flow: process(one.flow),
  orphan: process(one.orphan),
});
