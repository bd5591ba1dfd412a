import type { Residue, TableRows } from './cycle-result.ts';

/** One inactive copy of a table that still holds a person, or that cannot be read. */
export interface InactiveCopy extends TableRows {
  /** The partition's or the snapshot's id. */
  id: string;
  inactiveSince: string;
  deletedBy: string;
  /** Its prefix in the lake, where it cannot be read. */
  unreadable?: string | undefined;
}

/** Of more runs than these, the last ones become one, which may span copies that hold nobody. */
const RUNS_LISTED = 20;

/**
 * Residue by table, so that it fits a row and a certificate however many snapshots are kept.
 * @param scanned every copy that was looked through, as `source crm c-1.1`
 */
export function residueByTable(copies: InactiveCopy[], scanned: string[]): Residue[] {
  const tables = new Map<string, InactiveCopy[]>();
  for (const copy of copies) {
    const table = `${copy.kind} ${copy.name} ${copy.unreadable ? 'unreadable' : 'read'}`;
    const held = tables.get(table);
    if (held) held.push(copy);
    else tables.set(table, [copy]);
  }
  return [...tables.values()].map((held) => {
    const [{ kind, name, unreadable }] = held as [InactiveCopy];
    const prefix = `${kind} ${name} `;
    const ids = scanned.flatMap((one) =>
      one.startsWith(prefix) ? [one.slice(prefix.length)] : [],
    );
    const places = held.map((copy) => copy.unreadable ?? copy.id);
    return {
      kind,
      name,
      rows: held.reduce((sum, { rows }) => sum + rows, 0),
      copies: held.length,
      in: runsOf(places, unreadable ? places : ids),
      inactiveSince: held.map(({ inactiveSince }) => inactiveSince).sort()[0] ?? '',
      deletedBy:
        held
          .map((copy) => copy.deletedBy)
          .sort()
          .at(-1) ?? '',
      ...(unreadable ? { cannotBeRead: true } : {}),
    };
  });
}

/** Those that follow one another among all, as one: `c-3 to c-9`. */
function runsOf(places: string[], all: string[]): string[] {
  const held = new Set(places);
  const runs: [first: string, last: string][] = [];
  let isRun = false;
  for (const id of all.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const run = isRun ? runs.at(-1) : undefined;
    isRun = held.has(id);
    if (isRun && run) run[1] = id;
    else if (isRun) runs.push([id, id]);
  }
  const [first] = runs[RUNS_LISTED - 1] ?? [];
  const [, last] = runs.at(-1) ?? [];
  const listed = runs.slice(0, RUNS_LISTED - 1);
  if (first && last) listed.push([first, last]);
  return listed.map(([from, to]) => (from === to ? from : `${from} to ${to}`));
}
