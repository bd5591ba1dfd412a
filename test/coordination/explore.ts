import { aWorld } from './a-world.ts';
import { canonical } from './canonical.ts';
import { Edges } from './edges.ts';
import { movesOf } from './moves.ts';
import { isAtRest } from './promises.ts';
import type { Setup } from './setup.ts';
import type { World } from './world.ts';

export interface Explored {
  states: number;
  moves: number;
  seconds: number;
  /** What was broken, and a shortest way to it among those with the fewest crashes. */
  broken?: { promise: string; trace: string[] };
}

/** A world that a move leads to. */
interface Met {
  key: string;
  world: World;
  from: number;
  label: string;
}

/**
 * Every world that can be reached. Everything without a crash comes first, then everything with one,
 * and so on: a world that was met with more crashes to come need not be looked at with fewer,
 * because less can happen from there.
 */
export function explore(setup: Setup): Explored {
  const began = Date.now();
  const start = aWorld(setup);
  const states = new States();
  let moves = 0;
  let crashed: Met[] = [{ key: canonical(start), world: start, from: 0, label: '' }];
  while (crashed.length > 0 && !states.broken) {
    let layer = crashed.flatMap((met) => states.meet(met) ?? []);
    const after = new Map<string, Met>();
    while (layer.length > 0 && !states.broken) {
      const next: Known[] = [];
      for (const { world, state } of layer) {
        if (states.broken) break;
        for (const { world: to, label, isCrash } of movesOf(world)) {
          moves += 1;
          const met = { key: canonical(to), world: to, from: state, label };
          if (!isCrash) next.push(...(states.move(met) ?? []));
          else if (!states.knows(met.key)) after.set(met.key, after.get(met.key) ?? met);
        }
      }
      layer = next;
    }
    crashed = [...after.values()];
  }
  if (!setup.unattended) states.lookForTheLost();
  const seconds = (Date.now() - began) / 1000;
  return { states: states.count, moves, seconds, broken: states.broken };
}

interface Known {
  world: World;
  state: number;
}

/** The worlds met so far, numbered, with how they were met. */
class States {
  broken: Explored['broken'];
  private numbers = new Map<string, number>();
  private parents: number[] = [];
  private labels: string[] = [];
  private resting: number[] = [];
  private edges = new Edges();

  get count(): number {
    return this.numbers.size;
  }

  knows(key: string): boolean {
    return this.numbers.has(key);
  }

  /** @returns the world, if it is a new one */
  meet({ key, world, from, label }: Met): [Known] | undefined {
    if (this.numbers.has(key)) return undefined;
    const state = this.numbers.size;
    this.numbers.set(key, state);
    this.parents.push(from);
    this.labels.push(label);
    if (isAtRest(world)) this.resting.push(state);
    if (world.violation) this.broken ??= { promise: world.violation, trace: this.trace(state) };
    return [{ world, state }];
  }

  /** The same, by a move that is no crash: such are the ways back to rest. */
  move(met: Met): [Known] | undefined {
    const known = this.meet(met);
    const to = this.numbers.get(met.key) ?? 0;
    if (to !== met.from) this.edges.add(met.from, to);
    return known;
  }

  /** From every world, something must lead to rest without any more crashes. */
  lookForTheLost(): void {
    const lost = this.broken ? undefined : this.edges.firstWithout(this.resting, this.count);
    if (lost === undefined) return;
    this.broken = { promise: 'nothing that may happen leads to rest', trace: this.trace(lost) };
  }

  private trace(state: number): string[] {
    const steps: string[] = [];
    for (let at = state; at > 0; at = this.parents[at] ?? 0) steps.unshift(this.labels[at] ?? '');
    return steps;
  }
}
