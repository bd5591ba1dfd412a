/** What a model reads: sources, other models, `identities`. Only models make edges. */
export type ModelReads = Record<string, { reads: string[] }>;

/** Models by level: each reads only models of earlier levels, so that a level runs in parallel. */
export function levels(models: ModelReads): string[][] {
  const found: string[][] = [];
  let left = Object.keys(models).sort();
  while (left.length > 0) {
    const blocked = new Set(left);
    const level = left.filter((name) => !models[name]?.reads.some((read) => blocked.has(read)));
    if (level.length === 0)
      throw new Error(`The models ${findCircle(models)?.join(' → ')} read each other in a circle.`);
    found.push(level);
    const ready = new Set(level);
    left = left.filter((name) => !ready.has(name));
  }
  return found;
}

/** `['a', 'b', 'a']`: a reads b, which reads a. `undefined`: there is no circle. */
export function findCircle(models: ModelReads): string[] | undefined {
  const done = new Set<string>();
  const follow = (name: string, path: string[]): string[] | undefined => {
    const seenAt = path.indexOf(name);
    if (seenAt >= 0) return [...path.slice(seenAt), name];
    if (done.has(name)) return undefined;
    for (const read of models[name]?.reads ?? []) {
      const circle = follow(read, [...path, name]);
      if (circle) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(models).sort()) {
    const circle = follow(name, []);
    if (circle) return circle;
  }
  return undefined;
}
