import { platformDefinition } from '../adapters/configuration.ts';
import { findings, type Member } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { EngineError } from '../adapters/engine/engine-error.ts';
import { type LakeContext, withLake } from '../adapters/lake/lake-context.ts';
import { findSubjects, findSubjectsInAll } from '../adapters/lake/prove.ts';
import { readSubjects } from '../adapters/lake/subjects-file.ts';
import type { AskedSubject } from '../adapters/source.ts';
import { compactCopies, copyOfScan, type ResidueCopies } from '../domain/completion.ts';
import type { Residue, TableRows } from '../domain/cycle-result.ts';
import type { CycleId } from '../domain/ids.ts';
import { deletedBy } from '../domain/inactive.ts';
import { type InactiveCopy, residueByTable } from '../domain/residue.ts';
import { type InactiveTable, inactiveTables } from './inactive-tables.ts';
import { keepScan, type Scanned, type ScanRow, scansOf } from './proving.ts';
import { readInactive } from './reading-inactive.ts';

/** One call of a function scans for this long, and then says that there is more. */
const MILLISECONDS_A_CALL = 300_000;
/** So many copies of a table are scanned at once, as long as all of them together take no longer than this. */
const TABLES_AT_ONCE = 64;
const MILLISECONDS_AT_ONCE = 5_000;

/** Scans inactive partitions and snapshots for the members, and goes on where it was when asked again. */
export async function scanInactive(
  cycleId: CycleId,
): Promise<{ outcome: 'more' | 'done'; scanned: number }> {
  const until = performance.now() + MILLISECONDS_A_CALL;
  const [tables, done] = await Promise.all([
    inactiveTables(),
    all(findings<ScanRow>(cycleId, 'RESIDUE')),
  ]);
  const names = new Set(done.map(({ name }) => name));
  const left = tables
    .filter(({ name }) => !names.has(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  if (left.length === 0) return { outcome: 'done', scanned: tables.length };
  return withLake(async (lake) => {
    const subjects = await readSubjects(lake, cycleId);
    let [at, many, alone] = [0, 1, 0];
    for (let one = left[at]; one; one = left[at]) {
      if (at > 0 && performance.now() > until) return { outcome: 'more', scanned: names.size + at };
      if (alone > 0) {
        await keepScan(cycleId, 'RESIDUE', await scanRemains(lake, one, subjects));
        at += 1;
        alone -= 1;
        continue;
      }
      // From one copy on: how long a table takes is seen with each anew, and who died over many large
      // ones goes on with the first of them.
      const name = tableOf(one);
      if (name !== tableOf(left[at - 1] ?? one)) many = 1;
      const some = left.slice(at, at + many).filter((other) => tableOf(other) === name);
      const began = performance.now();
      const scanned = await scanTogether(lake, some, subjects);
      if (!scanned) {
        alone = some.length;
        continue;
      }
      const wasQuick = performance.now() - began < MILLISECONDS_AT_ONCE;
      many = wasQuick ? Math.min(many * 4, TABLES_AT_ONCE) : 1;
      for (const found of scanned) await keepScan(cycleId, 'RESIDUE', found);
      at += some.length;
    }
    return { outcome: 'done', scanned: tables.length };
  });
}

/** `source crm`, of `source crm c-1.1`. */
const tableOf = ({ name }: InactiveTable): string => name.split(' ', 2).join(' ');

/** `undefined` where one of them cannot be read. */
async function scanTogether(
  lake: LakeContext,
  some: InactiveTable[],
  subjects: AskedSubject[],
): Promise<Scanned[] | undefined> {
  try {
    const together = await findSubjectsInAll(
      lake,
      some.map(({ table }) => table),
      subjects,
    );
    return together.map((scanned, at) => ({ name: some[at]?.name ?? '', ...scanned }));
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** Where no file is, nobody is; in one that cannot be read, or is being deleted, everybody may be. */
async function scanRemains(
  lake: LakeContext,
  { name, table }: InactiveTable,
  subjects: AskedSubject[],
): Promise<Scanned> {
  const remains = await readInactive(lake, copyOfScan(name), table.prefix, () =>
    findSubjects(lake, table, subjects),
  );
  const nothing = { scannedRows: 0, hits: [] };
  return {
    name,
    ...(remains.outcome === 'read' ? remains.found : nothing),
    unreadable: remains.outcome === 'unreadable' ? table.prefix : undefined,
  };
}

/** What inactive data holds of one member, by table, and the copies that have to go. */
export interface MemberResidue {
  residue: Residue[];
  copies: ResidueCopies;
}

/** For each of these members, what inactive data still holds it, and the day by which that is deleted. */
export async function residueOf(
  cycleId: CycleId,
  members: Pick<Member, 'requestId'>[],
): Promise<(requestId: string) => MemberResidue> {
  const { retention, timeZone } = platformDefinition().platform;
  const [{ scans, foundIn }, tables] = await Promise.all([
    scansOf(cycleId, 'RESIDUE', members),
    inactiveTables(),
  ]);
  const since = new Map(tables.map(({ name, inactiveSince }) => [name, inactiveSince]));
  const now = new Date().toISOString();
  const copyOf = (scanned: string, rows: number, unreadable?: string): InactiveCopy => {
    const [kind, name = '', id = ''] = scanned.split(' ');
    const inactiveSince = since.get(scanned) ?? now;
    // At once: by a run of its own, or the next daily one.
    const day = retention.purgeSupersededAfterErasure
      ? deletedBy(now, 0, timeZone)
      : deletedBy(inactiveSince, retention.inactiveDays, timeZone);
    return {
      kind: kind as TableRows['kind'],
      name,
      id,
      rows,
      inactiveSince,
      deletedBy: day,
      unreadable,
    };
  };
  const names = scans.map(({ name }) => name);
  const unreadable = scans.flatMap((scan) =>
    scan.unreadable ? [copyOf(scan.name, 0, scan.unreadable)] : [],
  );
  return (requestId) => {
    const held = foundIn(requestId).map(({ kind, name, rows }) => copyOf(`${kind} ${name}`, rows));
    const all = [...held, ...unreadable];
    const copies = all.map(({ kind, name, id }) => copyOfScan(`${kind} ${name} ${id}`));
    return { residue: residueByTable(all, names), copies: compactCopies(copies) };
  };
}
