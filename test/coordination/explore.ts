import { canonical } from './canonical.ts';
import { movesOf } from './moves.ts';
import { isAtRest } from './promises.ts';
import { aWorld, type Setup } from './setup.ts';
import type { World } from './world.ts';

type Layer = { world: World; state: number }[];

export interface Explored {
  states: number;
  moves: number;
  seconds: number;
  /** What was broken, and how it came to that. */
  broken?: { promise: string; trace: string[] };
}

/** Every world that can be reached, breadth first, so that a trace is a shortest one. */
export function explore(setup: Setup, limit = Number.POSITIVE_INFINITY): Explored {
  const began = Date.now();
  const seen = new Map<string, number>();
  const parents: number[] = [];
  const labels: string[] = [];
  const known = new Map<string, string>();
  const forward = new Edges();
  const resting: number[] = [];
  let moves = 0;
  let broken: Explored['broken'];

  const trace = (state: number): string[] =>
    state === 0 ? [] : [...trace(parents[state] ?? 0), labels[state] ?? ''];
  const meet = (world: World, from: number, label: string, layer: Layer): number => {
    const key = canonical(world);
    const before = seen.get(key);
    if (before !== undefined) return before;
    const state = seen.size;
    seen.set(key, state);
    parents.push(from);
    if (!known.has(label)) known.set(label, label);
    labels.push(known.get(label) ?? label);
    if (isAtRest(world)) resting.push(state);
    if (world.violation) broken ??= { promise: world.violation, trace: trace(state) };
    layer.push({ world, state });
    return state;
  };

  // Everything without a crash comes first, then everything with one, and so on. A world that was
  // met with more crashes to come need not be looked at with fewer: less can happen from there.
  let crashed: Layer = [];
  meet(aWorld(setup), 0, '', crashed);
  while (crashed.length > 0 && !broken) {
    let layer = crashed;
    crashed = [];
    while (layer.length > 0 && !broken) {
      const next: Layer = [];
      for (const { world, state } of layer) {
        if (broken || seen.size >= limit) break;
        for (const move of movesOf(world)) {
          moves += 1;
          const to = meet(move.world, state, move.label, move.isCrash ? crashed : next);
          if (!move.isCrash && to !== state) forward.add(state, to);
        }
      }
      layer = next;
    }
  }
  if (!broken && seen.size < limit) {
    const stuck = forward.firstThatNeverReaches(resting, seen.size);
    if (stuck !== undefined)
      broken = { promise: 'from here, nothing that may happen leads to rest', trace: trace(stuck) };
  }
  return { states: seen.size, moves, seconds: (Date.now() - began) / 1000, broken };
}

/** Moves from state to state, in as little memory as may be. */
class Edges {
  private from: Int32Array = new Int32Array(1 << 16);
  private to: Int32Array = new Int32Array(1 << 16);
  private length = 0;

  add(from: number, to: number): void {
    if (this.length === this.from.length) {
      this.from = grown(this.from);
      this.to = grown(this.to);
    }
    this.from[this.length] = from;
    this.to[this.length] = to;
    this.length += 1;
  }

  /** Backwards from the goals; the first state, in the order of meeting them, that is not reached. */
  firstThatNeverReaches(goals: number[], states: number): number | undefined {
    const starts = new Int32Array(states + 1);
    const addAt = (counts: Int32Array, at: number, more: number) => {
      counts[at] = (counts[at] ?? 0) + more;
    };
    for (let edge = 0; edge < this.length; edge += 1) addAt(starts, (this.to[edge] ?? 0) + 1, 1);
    for (let state = 0; state < states; state += 1) addAt(starts, state + 1, starts[state] ?? 0);
    const fill = starts.slice();
    const sources = new Int32Array(this.length);
    for (let edge = 0; edge < this.length; edge += 1) {
      const to = this.to[edge] ?? 0;
      sources[fill[to] ?? 0] = this.from[edge] ?? 0;
      addAt(fill, to, 1);
    }
    const reached = new Uint8Array(states);
    const open = [...goals];
    for (const goal of goals) reached[goal] = 1;
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (let edge = starts[state] ?? 0; edge < (starts[state + 1] ?? 0); edge += 1) {
        const source = sources[edge] ?? 0;
        if (reached[source]) continue;
        reached[source] = 1;
        open.push(source);
      }
    }
    const first = reached.indexOf(0);
    return first < 0 ? undefined : first;
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
