import { LINE_NAMES } from '../../lambdas/domain/turn.ts';
import { ACTIONS } from './moves.ts';
import {
  LATER,
  type LineState,
  NOW,
  PAUSES,
  type Pause,
  type Process,
  type RequestState,
  type Turn,
  type World,
} from './world.ts';

const NAMES = ['', 'done', ...PAUSES.map((name) => `${name}Wait.asleep`), ...ACTIONS.keys()];
const PLACES = new Map(NAMES.map((name, index) => [name, index]));
const WORDS = new Map<string | undefined, number>();
/** Words of outcomes, numbered as they come. */
const word = (text: string | undefined): number => {
  const known = WORDS.get(text);
  if (known !== undefined) return known;
  const number = WORDS.size;
  WORDS.set(text, number);
  return number;
};
const bits = (...claims: unknown[]): number =>
  claims.reduce<number>((sum, claim) => sum * 2 + (claim ? 1 : 0), 0);
const time = (at: string | undefined): number =>
  at === undefined ? 0 : at === NOW ? 1 : at === LATER ? 2 : 3;

/**
 * A world as a text that is the same for worlds that differ in nothing that matters: in the names
 * of requests, in how many turns there have been, in versions of locks that nobody has read.
 */
export function canonical(world: World): string {
  const global: number[] = [
    bits(world.refreshQueued),
    world.may.stillHold,
    world.may.failToRefresh,
    world.may.reappear,
    word(world.violation),
  ];
  const masks: number[] = [];
  for (const name of LINE_NAMES) addLine(world, world.lines[name], global, masks);
  for (const helper of world.helpers) {
    addProcess(world, helper, world.lines.cycles, global, masks);
    global.push(helper.at.startsWith('keep.') ? bits(isFresh(world, helper)) : 0);
  }
  const requests = world.requests.map((request, index) =>
    requestCode(world, request, index, masks),
  );
  return `${String.fromCharCode(...global)}\n${requests.sort().join('\n')}`;
}

const isFresh = ({ requests }: World, { pending, attempt }: Process) =>
  requests.some((request, index) => pending & (1 << index) && request.attempt === attempt);

function addLine(world: World, line: LineState, codes: number[], masks: number[]): void {
  const { lock, turns, fault } = line;
  codes.push(
    bits(lock?.holder, lock?.started, lock?.begun, lock?.stuck),
    lock?.deaths ?? 0,
    time(lock?.startsAt),
  );
  addPause(fault, codes);
  codes.push(turns.length);
  for (const turn of turns) addTurn(world, line, turn, codes, masks);
}

function addTurn(
  world: World,
  line: LineState,
  turn: Turn,
  codes: number[],
  masks: number[],
): void {
  const { row } = turn;
  codes.push(
    bits(turn.name === line.lock?.holder, turn.flow, turn.orphan, row),
    word(turn.execution),
    time(turn.startsAt),
  );
  if (turn.flow) addProcess(world, turn.flow, line, codes, masks);
  if (turn.orphan) addProcess(world, turn.orphan, line, codes, masks);
  if (!row) return;
  codes.push(
    bits(row.refresh, row.published, row.proven, row.ended),
    row.plan,
    row.refreshed,
    row.failed,
  );
  masks.push(row.members, row.foundIn, ...row.freshFor);
}

function addProcess(
  _: World,
  me: Process,
  line: LineState,
  codes: number[],
  masks: number[],
): void {
  const asking = me.at.startsWith('askSource.') ? me.attempt : 0;
  codes.push(
    PLACES.get(me.at) ?? 0,
    time(me.want),
    me.left,
    asking,
    bits(me.closing, me.ended !== undefined && me.ended === line.lock?.holder),
  );
  if (me.move)
    codes.push(
      word(me.move.move),
      bits(me.seen?.version === line.lock?.version),
      me.move.lock.deaths,
      time(me.move.lock.startsAt),
    );
  masks.push(me.pending, me.undelivered);
}

function addPause(pause: Pause | undefined, codes: number[]): void {
  if (!pause) codes.push(0);
  // Once answered, nobody asks for the token.
  else
    codes.push(
      1 + bits(pause.token && !pause.answer, pause.due, pause.asked) + 8 * word(pause.answer),
    );
}

function requestCode(world: World, request: RequestState, index: number, masks: number[]): string {
  if (request.status === 'closed' && !request.orphan && !request.flow)
    return `closed${String.fromCharCode(...masks.map((mask) => (mask >> index) & 1))}`;
  const codes = [
    request.needs,
    bits(
      request.closing,
      request.asked,
      request.verified,
      request.joined,
      request.questioned,
      request.queued,
      request.flow,
      request.orphan,
      request.verifying,
    ),
    word(request.status),
    request.round,
    request.restarts,
    word(request.execution),
    request.releases,
    word(request.cycleResult),
    word(request.verdict),
    word(request.decided),
    word(request.certified),
  ];
  for (const name of PAUSES) addPause(request.pauses[name], codes);
  const own: number[] = [];
  if (request.flow) addOwn(world, request.flow, codes, own);
  if (request.orphan) addOwn(world, request.orphan, codes, own);
  for (const { answer, nextAskAt } of request.verifying ?? [])
    codes.push(word(answer), time(nextAskAt));
  for (const mask of masks) codes.push((mask >> index) & 1);
  return String.fromCharCode(...codes);
}

/** A flow of a request ensures the one line or the other, by where it is. */
const addOwn = (world: World, me: Process, codes: number[], masks: number[]) =>
  addProcess(
    world,
    me,
    world.lines[me.at.startsWith('askSources.') ? 'verification' : 'cycles'],
    codes,
    masks,
  );
