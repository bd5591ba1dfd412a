import type { AskedSubject } from '../source.ts';
import type { AlikeTables } from './alike-tables.ts';
import { findCandidates, notCleared, type Searched } from './candidates.ts';
import { findWithin } from './find-within.ts';
import type { LakeContext } from './lake-context.ts';
import { countRows, heldRowsSql, type LakeTable } from './lake-table.ts';
import { SubjectIndex } from './subject-index.ts';

export interface SubjectHit {
  requestId: string;
  /** Rows that hold the subject, each counted once, and once more where a text of it does. */
  rows: number;
  /** Of them, those with an identity of each type; a row may count for several. */
  byType: Record<string, number>;
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
): Promise<{ scannedRows: number; hits: SubjectHit[] }> {
  const scannedRows = await countRows(context, table.prefix);
  const hits = await hitsIn(
    context,
    { relation: `(${heldRowsSql(context.lake, table)})`, identities: table.identities },
    subjects,
  );
  return { scannedRows, hits };
}

/** How many rows of all these tables hold one subject. */
export async function countRowsHolding(
  context: LakeContext,
  { table: { identities, clearedColumns }, rows }: AlikeTables,
  subject: AskedSubject,
): Promise<number> {
  const searched = { relation: `(${rows}${notCleared(clearedColumns)})`, identities };
  const [hit] = await hitsIn(context, searched, [subject]);
  return hit?.rows ?? 0;
}

async function hitsIn(
  context: LakeContext,
  searched: Searched,
  subjects: AskedSubject[],
): Promise<SubjectHit[]> {
  const index = new SubjectIndex(subjects, context.identityTypes);
  const held = index.count([
    ...(await findCandidates(context, searched, index)),
    ...(await findWithin(context, searched, index)),
  ]);
  return [...held].map(([requestId, { rows, byType }]) => ({
    requestId,
    rows,
    byType: Object.fromEntries(byType),
  }));
}
