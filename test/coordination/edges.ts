/** Moves from state to state, in as little memory as may be: for each state a chain of those before. */
export class Edges {
  private from = grown(undefined);
  /** The edge before this one that leads to the same state; one more, so that 0 is none. */
  private before = grown(undefined);
  private last = grown(undefined);
  private count = 0;

  add(from: number, to: number): void {
    if (this.count === this.from.length) {
      this.from = grown(this.from);
      this.before = grown(this.before);
    }
    while (to >= this.last.length) this.last = grown(this.last);
    this.from[this.count] = from;
    this.before[this.count] = this.last[to] ?? 0;
    this.count += 1;
    this.last[to] = this.count;
  }

  /** Backwards from the goals: the first state, as they were met, from which none can be reached. */
  firstWithout(goals: number[], states: number): number | undefined {
    const reaches = new Uint8Array(states);
    const open = [...goals];
    for (const goal of goals) reaches[goal] = 1;
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (let edge = this.last[state] ?? 0; edge > 0; edge = this.before[edge - 1] ?? 0) {
        const from = this.from[edge - 1] ?? 0;
        if (reaches[from]) continue;
        reaches[from] = 1;
        open.push(from);
      }
    }
    const first = reaches.indexOf(0);
    return first < 0 ? undefined : first;
  }
}

function grown(array: Int32Array | undefined): Int32Array {
  const larger = new Int32Array(array ? array.length * 2 : 1 << 16);
  if (array) larger.set(array);
  return larger;
}
