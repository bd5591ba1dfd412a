import { configuration, platformDefinition } from '../adapters/configuration.ts';
import { anybodyQueued, changeLock, lockRow } from '../adapters/cycles.ts';
import { executionState, startExecution } from '../adapters/executions.ts';
import { anyExportQueued } from '../adapters/gatherings.ts';
import { recordChange } from '../adapters/ledger.ts';
import { earliestAsk } from '../adapters/verifying.ts';
import { findWait, newWait } from '../adapters/waits.ts';
import {
  type HolderState,
  holderKnown,
  LINES,
  type LineName,
  type Lock,
  type Look,
  type Move,
  nextMove,
  unstuck,
} from '../domain/turn.ts';
import { sleepSeconds } from '../domain/verification.ts';

type Line = (typeof LINES)[LineName] & {
  flow(): string;
  /** When the earliest wants a turn; `undefined` when nobody does. */
  wantedAt(): Promise<string | undefined>;
  input(holder: string, startsAt: string): Record<string, unknown>;
};

const cycles: Line = {
  ...LINES.cycles,
  flow: () => configuration().flows.refreshCycle,
  wantedAt: async () => ((await anybodyQueued()) ? new Date().toISOString() : undefined),
  input: (cycleId) => ({
    cycleId,
    collectingSeconds: platformDefinition().platform.refresh.collectingSeconds,
  }),
};

const passes: Line = {
  ...LINES.verification,
  flow: () => configuration().flows.verifySources,
  wantedAt: () => earliestAsk(platformDefinition().platform.verification, new Date()),
  input: (passId, startsAt) => ({
    passId,
    sleepSeconds: sleepSeconds(startsAt, platformDefinition().platform.verification, new Date()),
  }),
};

const gatherings: Line = {
  ...LINES.gatherings,
  flow: () => configuration().flows.gatherExports,
  wantedAt: async () => ((await anyExportQueued()) ? new Date().toISOString() : undefined),
  input: (gatheringId) => ({
    gatheringId,
    collectingSeconds: platformDefinition().platform.exports.gatherSeconds,
  }),
};

/** Starts the next cycle if somebody waits for one and none runs: the only starter of cycles. */
export const ensureCycle = (look: Wish = {}) => ensureTurn(cycles, look);
/** The same for passes of verify-sources. */
export const ensureVerification = (look: Wish = {}) => ensureTurn(passes, look);

/** The same for gatherings of exports. */
export const ensureGathering = (look: Wish = {}) => ensureTurn(gatherings, look);

interface Wish extends Look {
  /** The caller's own wish, which spares looking at everybody's. */
  wantedAt?: string;
}

async function ensureTurn(line: Line, look: Wish): Promise<string | undefined> {
  // Losing a race means that the line has moved; what it needs then is looked at afresh.
  for (let tries = 0; tries < 10; tries += 1) {
    const [lock, wantedAt] = await Promise.all([
      lockRow(line.lock),
      look.wantedAt ?? line.wantedAt(),
    ]);
    if (look.askHolder && lock?.stuck) await keepAsking(line, lock);
    const move = nextMove(line, lock, wantedAt, await holderState(line, lock, look));
    if (move.move === 'none') return lock?.holder;
    if (await make(line, lock, move)) return move.lock.holder;
  }
  throw new Error(`The ${line.owner} did not come to rest.`);
}

async function holderState(line: Line, lock: Lock | undefined, look: Look): Promise<HolderState> {
  const known = holderKnown(lock, look);
  return known === 'ask' ? executionState(line.flow(), lock?.holder ?? '') : known;
}

/** @returns false when somebody else has moved the line meanwhile */
async function make(
  line: Line,
  seen: Lock | undefined,
  move: Exclude<Move, { move: 'none' }>,
): Promise<boolean> {
  const { lock } = move;
  if (move.move !== 'start' && !(await changeLock(line.lock, seen, lock))) return false;
  if (move.move === 'giveUp') await askOperator(line, lock);
  if (move.move === 'release' || move.move === 'giveUp' || !lock.holder) return true;
  const startsAt = lock.startsAt ?? new Date().toISOString();
  await startExecution(line.flow(), lock.holder, line.input(lock.holder, startsAt));
  // That it was started is a hint that saves calls; losing this write costs nothing.
  const version = lock.version + (move.move === 'take' ? 1 : 0);
  await changeLock(line.lock, { ...lock, version }, { ...lock, started: true });
  return true;
}

/** An operator who resumed it, and whose call died before the line went on, need not do so again. */
async function keepAsking(line: Line, lock: Lock): Promise<void> {
  const fault = await findWait(line.owner, 'fault', lock.n);
  if (!fault) await askOperator(line, lock);
  else if (fault.answer) await changeLock(line.lock, lock, unstuck(lock));
}

/** Entered once; asked again, in case that a process died between the lock and the wait. */
async function askOperator(line: Line, lock: Lock): Promise<void> {
  const now = new Date();
  const wait = newWait(
    {
      owner: line.owner,
      name: 'fault',
      round: lock.n,
      kind: 'fault',
      on: 'operator',
      role: 'operator',
      reasonCode: 'diedThreeTimes',
      options: ['resume'],
      asked: true,
      // The next sweep mails it, and again until somebody has looked.
      remindAt: now.toISOString(),
    },
    now,
  );
  await recordChange([wait], {
    chain: 'platform',
    event: 'lineStuck',
    by: 'ensureTurn',
    facts: { line: line.owner, deaths: lock.deaths },
  });
}
