import type { ExportColumn } from '../../domain/export/columns.ts';
import { exportType } from '../../domain/export/columns.ts';
import { type Identity, identityKey } from '../../domain/identity.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { AskedSubject } from '../source.ts';
import { eachWholeRow } from './candidates.ts';
import type { LakeContext } from './lake-context.ts';
import { heldRowsSql, type LakeTable } from './lake-table.ts';
import { identitiesOf, SubjectIndex } from './subject-index.ts';

/** Somebody whose rows are gathered, under the id of the request. */
export interface GatheredSubject extends AskedSubject {
  /** What other people have too: nothing is found by it, and it makes nobody's row another's. */
  shared: Identity[];
}

/** What was gathered of one table, beside its file. */
export interface GatheredTable {
  columns: ExportColumn[];
  /** Rows of each request; whoever has none is missing. */
  rows: Record<string, number>;
  /** Rows that are about other people too, and of nobody. */
  leftOut: Record<string, number>;
}

/**
 * Copies the rows of all subjects out of one table into `<to>rows.parquet`, sorted by request, the
 * newest first: columns `request`, `c0`, `c1` … One search and one copy, however many they are. A
 * row that is about somebody else too is nobody's.
 */
export async function gatherTable(
  context: LakeContext,
  table: LakeTable,
  subjects: GatheredSubject[],
  to: string,
): Promise<GatheredTable> {
  const { engine, lake } = context;
  const relation = `(${heldRowsSql(lake, table)})`;
  const columns = await columnsOf(context, relation);
  const leftOut = new Map<string, number>();
  await engine.fill('held', ['request', 'row'], ownRows(context, table, subjects, leftOut));
  const newest = columns.findIndex((column) => {
    const type = exportType(column);
    return type.is === 'value' && ['moment', 'localMoment', 'day'].includes(type.kind);
  });
  const selected = columns.map(({ name }, at) => `rows.${identifier(name)} AS c${at}`);
  const order = newest < 0 ? '_row' : `c${newest} DESC NULLS LAST, _row`;
  // The order of a file is what lets one request's rows be read without the others'.
  await engine.run('SET preserve_insertion_order = true');
  await engine.run(
    `COPY (
       SELECT * EXCLUDE _row FROM (
         SELECT held.request AS request, rows._row AS _row${selected.map((column) => `, ${column}`).join('')}
         FROM held JOIN ${relation} AS rows ON rows._row = CAST(held.row AS BIGINT)
       ) ORDER BY request, ${order}
     ) TO ${literal(lake.url(`${to}rows.parquet`))}
     (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)`,
  );
  await engine.run('SET preserve_insertion_order = false');
  const counted = await engine.rows<{ request: string; rows: number }>(
    'SELECT request, count(*)::INTEGER AS rows FROM held GROUP BY request',
  );
  await engine.run('DROP TABLE held');
  return {
    columns,
    rows: Object.fromEntries(counted.map(({ request, rows }) => [request, rows])),
    leftOut: Object.fromEntries(leftOut),
  };
}

async function columnsOf(
  { engine }: Pick<LakeContext, 'engine'>,
  relation: string,
): Promise<ExportColumn[]> {
  const described = await engine.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * EXCLUDE _row FROM ${relation}`,
  );
  return described.map(({ column_name: name, column_type: type }) => ({ name, type }));
}

/** `(request, _row)` of every row that holds a subject's own identity, and of whom it is. */
async function* ownRows(
  context: LakeContext,
  table: LakeTable,
  subjects: GatheredSubject[],
  leftOut: Map<string, number>,
): AsyncGenerator<[request: string, row: string]> {
  for await (const { requestId, row, isMixed } of foundRows(context, table, subjects)) {
    if (isMixed) leftOut.set(requestId, (leftOut.get(requestId) ?? 0) + 1);
    else yield [requestId, String(row)];
  }
}

interface SubjectRow {
  requestId: string;
  row: bigint;
  identities: Identity[];
  /** Somebody else's unique identity stands in it too. */
  isMixed: boolean;
}

async function* foundRows(
  context: LakeContext,
  table: LakeTable,
  subjects: GatheredSubject[],
): AsyncGenerator<SubjectRow> {
  const { lake, identityTypes } = context;
  const index = new SubjectIndex(subjects, identityTypes);
  const known = new Map(
    subjects.map(({ requestId, identities, shared }) => [
      requestId,
      new Set([...identities, ...shared].map(identityKey)),
    ]),
  );
  const searched = {
    relation: `(${heldRowsSql(lake, table)})`,
    identities: table.identities,
  };
  // Of a source, too: the snapshot may be newer than what was resolved, and the row another's since.
  const rows = eachWholeRow(context, searched, index);
  const pointsAtOne = ({ type }: Identity) =>
    identityTypes[type]?.points === 'unique' && identityTypes[type]?.madeBy === undefined;
  for await (const { row, found } of rows) {
    const identities = identitiesOf(found, identityTypes);
    const requests = new Set(found.flatMap((raw) => index.requestsOf(raw)));
    for (const requestId of requests) {
      const own = known.get(requestId);
      const isMixed = identities.some((one) => pointsAtOne(one) && !own?.has(identityKey(one)));
      yield { requestId, row, identities, isMixed };
    }
  }
}

/**
 * The subjects with the keys that models made for them in these tables, and no others: of another
 * snapshot they may be another person's. A key beside somebody else's identities is nobody's own.
 * Who gave nothing but a key means the one whose it is.
 */
export async function withMadeKeys(
  context: LakeContext,
  models: LakeTable[],
  subjects: GatheredSubject[],
): Promise<GatheredSubject[]> {
  const { identityTypes } = context;
  const isMade = ({ type }: Identity) => identityTypes[type]?.madeBy !== undefined;
  const byOwn = subjects.map((subject) => ({
    ...subject,
    identities: subject.identities.filter((identity) => !isMade(identity)),
  }));
  const making = models.filter(({ identities }) =>
    identities.some(({ type }) => identityTypes[type]?.madeBy !== undefined),
  );
  const keys = new Map<string, Map<string, Identity>>();
  for (const table of making)
    for await (const { requestId, identities } of foundRows(context, table, byOwn)) {
      const own = keys.get(requestId) ?? new Map<string, Identity>();
      for (const key of identities.filter(isMade)) own.set(identityKey(key), key);
      keys.set(requestId, own);
    }
  const byKeys = byOwn.map((subject) => {
    const made = [...(keys.get(subject.requestId)?.values() ?? [])];
    return { ...subject, identities: [...subject.identities, ...made] };
  });
  const mixed = new Set<string>();
  for (const table of making)
    for await (const { requestId, identities, isMixed } of foundRows(context, table, byKeys))
      if (isMixed)
        for (const key of identities.filter(isMade)) mixed.add(`${requestId} ${identityKey(key)}`);
  return subjects.map((subject, at) => {
    const own = byOwn[at]?.identities ?? [];
    if (own.length === 0) return subject;
    const made = [...(keys.get(subject.requestId) ?? [])].flatMap(([key, identity]) =>
      mixed.has(`${subject.requestId} ${key}`) ? [] : [identity],
    );
    return { ...subject, identities: [...own, ...made] };
  });
}
