import type { LineState, Pause, Process, RequestState, Turn, World } from './world.ts';

const process = (one: Process | undefined): Process | undefined => one && { ...one };
const pause = (one: Pause | undefined): Pause | undefined => one && { ...one };

/** Locks, moves and sources' states are replaced, never changed, so they may be shared. */
export const clone = (world: World): World => ({
  ...world,
  requests: world.requests.map(request),
  lines: { cycles: line(world.lines.cycles), verification: line(world.lines.verification) },
  helpers: world.helpers.map((helper) => ({ ...helper })),
  may: { ...world.may },
});

const request = (one: RequestState): RequestState => ({
  ...one,
  flow: process(one.flow),
  orphan: process(one.orphan),
  pauses: {
    sources: pause(one.pauses.sources),
    cycle: pause(one.pauses.cycle),
    decision: pause(one.pauses.decision),
    fault: pause(one.pauses.fault),
  },
  verifying: one.verifying?.slice(),
});

const line = ({ lock, turns, fault }: LineState): LineState => ({
  lock,
  turns: turns.map(turn),
  fault: pause(fault),
});

const turn = (one: Turn): Turn => ({
  ...one,
  flow: process(one.flow),
  orphan: process(one.orphan),
  row: one.row && { ...one.row, freshFor: one.row.freshFor.slice() },
});
