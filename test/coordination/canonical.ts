import { addPause, addProcess, bits, type Codes, counted, time, word } from './encoding.ts';
import { LINE_NAMES } from './line-names.ts';
import { type LineState, PAUSES, type RequestState, type Turn, type World } from './world.ts';

/** No number that stands for something. */
const BETWEEN = '\uffff';

/**
 * A world as a text that is the same for worlds that differ in nothing that matters: in the names
 * of requests, in how many turns there have been, in versions of locks that nobody has read. How
 * many crashes may still come is not in it: see `explore`.
 */
export function canonical(world: World): string {
  const { stillHold, failToRefresh, reappear } = world.may;
  const codes: Codes = {
    numbers: [bits(world.refreshQueued), stillHold, failToRefresh, reappear, word(world.violation)],
    masks: [],
  };
  for (const name of LINE_NAMES) addLine(world, world.lines[name], codes);
  for (const helper of world.helpers) addProcess(world, helper, world.lines.cycles, codes);
  const requests = world.requests.map((request, index) =>
    String.fromCharCode(
      ...numbersOf(world, request),
      ...codes.masks.map((mask) => (mask >> index) & 1),
    ),
  );
  return [String.fromCharCode(...codes.numbers), ...requests.sort()].join(BETWEEN);
}

function addLine(world: World, line: LineState, codes: Codes): void {
  const { lock, turns, fault } = line;
  codes.numbers.push(
    bits(lock?.holder, lock?.started, lock?.begun, lock?.stuck),
    counted(world, lock?.deaths ?? 0),
    time(lock?.startsAt),
    turns.length,
  );
  addPause(fault, codes);
  for (const turn of turns) addTurn(world, line, turn, codes);
}

function addTurn(world: World, line: LineState, turn: Turn, codes: Codes): void {
  const { name, flow, orphan, execution, startsAt } = turn;
  // What a dead cycle found is nobody's any more.
  const row = flow || orphan ? turn.row : undefined;
  codes.numbers.push(
    bits(name === line.lock?.holder, flow, orphan, row),
    word(execution),
    time(startsAt),
  );
  for (const process of [flow, orphan]) if (process) addProcess(world, process, line, codes);
  if (!row) return;
  const { refresh, published, proven, ended, plan, refreshed, failed } = row;
  codes.numbers.push(bits(refresh, published, proven, ended), plan, refreshed, failed);
  codes.masks.push(row.members, row.foundIn, ...row.freshFor);
}

/** Of a closed request, nothing matters any more. */
const numbersOf = (world: World, request: RequestState): number[] =>
  request.status === 'closed' && !request.orphan && !request.flow ? [0] : openOf(world, request);

function openOf(world: World, request: RequestState): number[] {
  const { flow, orphan, verifying = [], closing, asked, verified, joined } = request;
  const codes: Codes = {
    numbers: [
      1 + bits(closing, asked, verified, joined, request.questioned, request.queued),
      bits(flow, orphan, verifying.length),
      request.needs,
      request.round,
      request.releases,
      counted(world, request.restarts),
      ...[request.status, request.execution, request.cycleResult].map(word),
      ...[request.verdict, request.decided, request.certified].map(word),
    ],
    masks: [],
  };
  for (const name of PAUSES) addPause(request.pauses[name], codes);
  for (const process of [flow, orphan])
    if (process) addProcess(world, process, lineOf(world, process.at), codes);
  const states = verifying.flatMap(({ answer, nextAskAt }) => [word(answer), time(nextAskAt)]);
  return [...codes.numbers, ...states];
}

/** A request's flow looks at the one lock or the other, by where it is. */
const lineOf = ({ lines }: World, at: string): LineState =>
  at.startsWith('askSources.') ? lines.verification : lines.cycles;
