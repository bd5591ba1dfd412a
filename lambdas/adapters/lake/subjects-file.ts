import type { Identity } from '../../domain/identity.ts';
import { coarseKey } from '../../domain/normalise.ts';
import { literal } from '../engine/sql.ts';
import type { AskedSubject } from '../source.ts';
import type { LakeContext } from './lake-context.ts';

export interface SubjectIdentity extends Identity {
  requestId: string;
}

const subjectsKey = (cycleId: string): string => `work/${cycleId}/subjects.parquet`;

/** The members' identities, so that they stand in no SQL: `(requestId, type, value, coarseKey)`. */
export async function writeSubjects(
  { engine, lake, identityTypes }: LakeContext,
  cycleId: string,
  identities: SubjectIdentity[],
): Promise<void> {
  const rows = identities.map(({ requestId, type, value }) => {
    const form = identityTypes[type]?.normalForm;
    return [requestId, type, value, form ? coarseKey(value, form) : null];
  });
  await engine.fill('subjects', ['requestId', 'type', 'value', 'coarseKey'], rows);
  await engine.run(
    `COPY subjects TO ${literal(lake.url(subjectsKey(cycleId)))} (FORMAT parquet, COMPRESSION zstd)`,
  );
  await engine.run('DROP TABLE subjects');
}

export async function readSubjects(
  { engine, lake }: Pick<LakeContext, 'engine' | 'lake'>,
  cycleId: string,
): Promise<AskedSubject[]> {
  const rows = await engine.rows<SubjectIdentity>(
    `SELECT requestId, type, value FROM read_parquet(${literal(lake.url(subjectsKey(cycleId)))})`,
  );
  const subjects = new Map<string, Identity[]>();
  for (const { requestId, type, value } of rows)
    subjects.set(requestId, [...(subjects.get(requestId) ?? []), { type, value }]);
  return [...subjects].map(([requestId, identities]) => ({ requestId, identities }));
}
