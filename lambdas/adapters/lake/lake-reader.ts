import { columnSql } from '../../domain/column-path.ts';
import {
  type Identity,
  type IdentityColumn,
  identityKey,
  wholeColumns,
} from '../../domain/identity.ts';
import { normaliseSql } from '../../domain/normalise-sql.ts';
import type { HeldRow, LakeReader, PeopleBeside } from '../../domain/resolve-identities.ts';
import { type AlikeTables, alikeTables } from './alike-tables.ts';
import { findWholeRows, searchSql } from './candidates.ts';
import { findWithin } from './find-within.ts';
import type { LakeContext } from './lake-context.ts';
import type { LakeTable } from './lake-table.ts';
import { identitiesOf, type RawIdentity, SubjectIndex } from './subject-index.ts';

const PEOPLE_LISTED = 20;
const KINDS = { partition: 'source', model: 'model', segment: 'segment' } as const;

/**
 * The resolution's view of these tables: all partitions not yet cleaned up, and the models of every
 * snapshot. One question at a time, because they share temporary tables.
 */
export function lakeReader(context: LakeContext, tables: LakeTable[]): LakeReader {
  // A table that points at nobody is not even opened.
  const pointing = tables.filter(({ identities }) => identities.length > 0);
  let shaped: Promise<AlikeTables[]> | undefined;
  const alike = () => {
    shaped ??= alikeTables(context, pointing);
    return shaped;
  };
  return {
    peopleBeside: async (identities) => {
      const tellApart = (await alike()).filter(
        ({ table: { kind, personKey } }) => kind === 'partition' && personKey,
      );
      const people: PeopleBeside[] = [];
      for (const name of new Set(tellApart.map(({ table }) => table.name))) {
        const partitions = tellApart.filter(({ table }) => table.name === name);
        people.push(...(await peopleBeside(context, partitions, identities)));
      }
      return people;
    },
    rowsHolding: async (identities) => {
      const index = indexOf(context, identities);
      const rows: HeldRow[] = [];
      for (const one of await alike()) rows.push(...(await rowsHolding(context, one, index)));
      return rows;
    },
  };
}

/** All partitions of one source at once: the same person in two of them is one person. */
async function peopleBeside(
  context: LakeContext,
  partitions: AlikeTables[],
  identities: Identity[],
): Promise<PeopleBeside[]> {
  const { engine, identityTypes } = context;
  const index = indexOf(context, identities);
  const { name = '', personKey = '' } = partitions[0]?.table ?? {};
  const form = identityTypes[personKey]?.normalForm ?? 'text';
  const searches = partitions.flatMap(({ table, rows }) => {
    const persons = columnsOf(table, personKey).map(({ column }) => columnSql(column));
    const searched = { relation: `(${rows})`, identities: table.identities };
    const search = searchSql(identityTypes, searched, index, `list_concat(${persons.join(', ')})`);
    return search && persons.length > 0 ? [`SELECT type, raw, beside FROM (${search})`] : [];
  });
  if (searches.length === 0) return [];
  await engine.fill('wanted', ['type', 'key', 'value'], index.wanted);
  await engine.run(`CREATE OR REPLACE TEMP TABLE found AS
    SELECT DISTINCT type, raw, ${normaliseSql(form, 'person') ?? 'person'} AS person
    FROM (SELECT type, raw, unnest(beside) AS person FROM (${searches.join(' UNION ALL ')}))`);
  const raws = await engine.rows<RawIdentity>('SELECT DISTINCT type, raw FROM found');
  const meant = raws
    .filter((raw) => index.requestsOf(raw).length > 0)
    .flatMap((raw) =>
      identitiesOf([raw], identityTypes).map(({ type, value }) => [type, raw.raw, value]),
    );
  await engine.fill('meant', ['type', 'raw', 'value'], meant);
  const beside = await engine.rows<{
    type: string;
    value: string;
    people: string[];
    count: number;
  }>(
    `SELECT type, value, list_sort(list(DISTINCT person))[:${PEOPLE_LISTED}] AS people,
       count(DISTINCT person)::INTEGER AS count
     FROM found JOIN meant USING (type, raw) WHERE person IS NOT NULL GROUP BY type, value`,
  );
  await engine.run('DROP TABLE wanted; DROP TABLE found; DROP TABLE meant');
  return beside.map(({ type, value, people, count }) => ({
    identity: { type, value },
    table: name,
    people: people.map((person) => ({ type: personKey, value: person })),
    count,
  }));
}

const columnsOf = ({ identities }: Pick<LakeTable, 'identities'>, type: string): IdentityColumn[] =>
  wholeColumns(identities).filter((column) => column.type === type);

const indexOf = ({ identityTypes }: LakeContext, identities: Identity[]): SubjectIndex =>
  new SubjectIndex([{ requestId: 'wanted', identities }], identityTypes);

async function rowsHolding(
  context: LakeContext,
  { table, rows: held }: AlikeTables,
  index: SubjectIndex,
): Promise<HeldRow[]> {
  const searched = { relation: `(${held})`, identities: table.identities };
  const candidates = [
    ...(await findWholeRows(context, searched, index)).filter(({ found }) =>
      found.some((raw) => index.requestsOf(raw).length > 0),
    ),
    // That one stands in a text, and is linked to nobody by it.
    ...(await findWithin(context, searched, index)),
  ];
  return candidates.map(({ found, rows }) => ({
    kind: KINDS[table.kind],
    table: table.name,
    identities: [
      ...new Map(
        identitiesOf(found, context.identityTypes).map((one) => [identityKey(one), one]),
      ).values(),
    ],
    rows,
    isActive: table.isActive,
  }));
}
