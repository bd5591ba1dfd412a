import type { AskedSubject } from '../source.ts';
import { findCandidates } from './candidates.ts';
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
  const index = new SubjectIndex(subjects, context.identityTypes);
  const searched = {
    relation: `(${heldRowsSql(context.lake, table)})`,
    identities: table.identities,
  };
  const held = index.count([
    ...(await findCandidates(context, searched, index)),
    ...(await findWithin(context, searched, index)),
  ]);
  const hits = [...held].map(([requestId, { rows, byType }]) => ({
    requestId,
    rows,
    byType: Object.fromEntries(byType),
  }));
  return { scannedRows, hits };
}
