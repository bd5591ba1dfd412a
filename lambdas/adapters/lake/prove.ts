import type { AskedSubject } from '../source.ts';
import { type AlikeTables, alikeTables } from './alike-tables.ts';
import { findCandidates, notCleared, type Searched } from './candidates.ts';
import { findWithin } from './find-within.ts';
import type { LakeContext } from './lake-context.ts';
import { countRows, countRowsOfAll, heldRowsSql, type LakeTable } from './lake-table.ts';
import { type Candidate, SubjectIndex } from './subject-index.ts';

export interface SubjectHit {
  requestId: string;
  /** Rows that hold the subject, each counted once, and once more where a text of it does. */
  rows: number;
  /** Of them, those with an identity of each type; a row may count for several. */
  byType: Record<string, number>;
}

export interface ScannedTable {
  scannedRows: number;
  hits: SubjectHit[];
}

/**
 * Which subjects a table still holds: one scan of its identity columns, and one of the texts that
 * may name people, whatever their number.
 * @throws when the table cannot be read, because "not scanned" is never "absent"
 */
export async function findSubjects(
  context: LakeContext,
  table: LakeTable,
  subjects: AskedSubject[],
): Promise<ScannedTable> {
  const scannedRows = await countRows(context, table.prefix);
  const hits = await hitsIn(
    context,
    { relation: `(${heldRowsSql(context.lake, table)})`, identities: table.identities },
    subjects,
  );
  return { scannedRows, hits };
}

/**
 * The same of many tables, in their order: those that look alike are scanned as one.
 * @throws when any of them cannot be read
 */
export async function findSubjectsInAll(
  context: LakeContext,
  tables: LakeTable[],
  subjects: AskedSubject[],
): Promise<ScannedTable[]> {
  const scanned = new Map<string, ScannedTable>();
  const index = new SubjectIndex(subjects, context.identityTypes);
  for (const alike of await alikeTables(context, tables)) {
    const counts = await countRowsOfAll(context, alike.prefixes);
    const candidates = await candidatesIn(context, heldIn(alike), index);
    for (const [at, prefix] of alike.prefixes.entries()) {
      const own = candidates.filter(({ file }) => file === at);
      scanned.set(prefix, { scannedRows: counts[at] ?? 0, hits: hitsOf(index.count(own)) });
    }
  }
  return tables.map(({ prefix }) => {
    const one = scanned.get(prefix);
    if (!one) throw new Error(`${prefix} was not scanned.`);
    return one;
  });
}

/** How many rows of all these tables hold one subject. */
export async function countRowsHolding(
  context: LakeContext,
  alike: AlikeTables,
  subject: AskedSubject,
): Promise<number> {
  const [hit] = await hitsIn(context, heldIn(alike), [subject]);
  return hit?.rows ?? 0;
}

/** The same of tables that look alike as `heldRowsSql` is of one. */
const heldIn = ({ table: { identities, clearedColumns }, rows }: AlikeTables): Searched => ({
  relation: `(${rows}${notCleared(clearedColumns)})`,
  identities,
});

async function hitsIn(
  context: LakeContext,
  searched: Searched,
  subjects: AskedSubject[],
): Promise<SubjectHit[]> {
  const index = new SubjectIndex(subjects, context.identityTypes);
  return hitsOf(index.count(await candidatesIn(context, searched, index)));
}

const candidatesIn = async (
  context: LakeContext,
  searched: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> => [
  ...(await findCandidates(context, searched, index)),
  ...(await findWithin(context, searched, index)),
];

const hitsOf = (held: ReturnType<SubjectIndex['count']>): SubjectHit[] =>
  [...held].map(([requestId, { rows, byType }]) => ({
    requestId,
    rows,
    byType: Object.fromEntries(byType),
  }));
