import { valueSql } from '../../domain/column-path.ts';
import {
  type Identity,
  type IdentityColumn,
  identityKey,
  wholeColumns,
} from '../../domain/identity.ts';
import { normaliseSql } from '../../domain/normalise-sql.ts';
import type { HeldRow, LakeReader, PeopleBeside } from '../../domain/resolve-identities.ts';
import { literal } from '../engine/sql.ts';
import { type AlikeTables, alikeTables } from './alike-tables.ts';
import { searchSql } from './candidates.ts';
import { findWithin } from './find-within.ts';
import type { LakeContext } from './lake-context.ts';
import type { LakeTable } from './lake-table.ts';
import { type Candidate, identitiesOf, type RawIdentity, SubjectIndex } from './subject-index.ts';

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
      const rows: HeldRow[] = [];
      for (const one of await alike()) rows.push(...(await rowsHolding(context, one, identities)));
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
  const beside = await withMeant(context, partitions, identities, (searches) => {
    const pairs = searches.map(
      ({ alike, search }) => `SELECT meant.type, meant.value, person
        FROM (${search}) AS held JOIN meant USING (type, raw) JOIN (${personSql(context, alike)}) USING (_row)`,
    );
    return context.engine.rows<{ type: string; value: string; people: string[]; count: number }>(
      `SELECT type, value, list_sort(list(DISTINCT person))[:${PEOPLE_LISTED}] AS people,
         count(DISTINCT person)::INTEGER AS count
       FROM (${pairs.join(' UNION ALL ')}) GROUP BY type, value`,
    );
  });
  const { name = '', personKey = '' } = partitions[0]?.table ?? {};
  return beside.map(({ type, value, people, count }) => ({
    identity: { type, value },
    table: name,
    people: people.map((person) => ({ type: personKey, value: person })),
    count,
  }));
}

function personSql({ identityTypes }: LakeContext, { table, rows }: AlikeTables): string {
  const type = table.personKey ?? '';
  const form = identityTypes[type]?.normalForm ?? 'text';
  const persons = columnsOf(table, type).map(({ column }) => {
    const raws = `SELECT _row, ${valueSql(column)} AS raw FROM (${rows})`;
    return `SELECT _row, ${normaliseSql(form, 'raw') ?? 'raw'} AS person FROM (${raws})`;
  });
  return `SELECT _row, person FROM (${persons.join(' UNION ALL ')}) WHERE person IS NOT NULL`;
}

const columnsOf = ({ identities }: Pick<LakeTable, 'identities'>, type: string): IdentityColumn[] =>
  wholeColumns(identities).filter((column) => column.type === type);

async function rowsHolding(
  context: LakeContext,
  alike: AlikeTables,
  identities: Identity[],
): Promise<HeldRow[]> {
  const { table, rows: held } = alike;
  const spread = wholeColumns(table.identities).map(
    ({ type, column }) => `SELECT _row, ${literal(type)} AS type, ${valueSql(column)} AS raw
      FROM (${held})`,
  );
  const candidates = await withMeant(context, [alike], identities, async (searches) => {
    const [{ search } = { search: '' }] = searches;
    return context.engine.rows<Candidate>(
      `SELECT found, count(*)::INTEGER AS rows FROM (
         SELECT list_sort(list(DISTINCT {'type': type, 'raw': raw})) AS found
         FROM (${spread.join(' UNION ALL ')})
         WHERE raw IS NOT NULL AND _row IN (SELECT _row FROM (${search}) JOIN meant USING (type, raw))
         GROUP BY _row
       ) GROUP BY found`,
    );
  });
  return [...candidates, ...(await namedIn(context, alike, identities))].map(({ found, rows }) => ({
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

/** Rows whose text names somebody of them: that one stands there, and is linked to nobody by it. */
const namedIn = (
  context: LakeContext,
  { table, rows }: AlikeTables,
  identities: Identity[],
): Promise<Candidate[]> =>
  findWithin(
    context,
    { relation: `(${rows})`, identities: table.identities },
    new SubjectIndex([{ requestId: 'wanted', identities }], context.identityTypes),
  );

/**
 * Finds the raw spellings of the identities in these tables, decides which are meant, and asks
 * again with `meant (type, raw, value)`: so that rows are counted in SQL, however many there are.
 */
async function withMeant<Row>(
  context: LakeContext,
  tables: AlikeTables[],
  identities: Identity[],
  ask: (searches: { alike: AlikeTables; search: string }[]) => Promise<Row[]>,
): Promise<Row[]> {
  const { engine, identityTypes } = context;
  const index = new SubjectIndex([{ requestId: 'wanted', identities }], identityTypes);
  const searches = tables.flatMap((alike) => {
    const searched = { relation: `(${alike.rows})`, identities: alike.table.identities };
    const search = searchSql(identityTypes, searched, index);
    return search ? [{ alike, search }] : [];
  });
  if (searches.length === 0) return [];
  await engine.fill('wanted', ['type', 'key', 'value'], index.wanted);
  const raws = await engine.rows<RawIdentity>(
    `SELECT DISTINCT type, raw FROM (${searches.map(({ search }) => search).join(' UNION ALL ')})`,
  );
  const meant = raws
    .filter((raw) => index.requestsOf(raw).length > 0)
    .flatMap((raw) =>
      identitiesOf([raw], identityTypes).map(({ type, value }) => [type, raw.raw, value]),
    );
  await engine.fill('meant', ['type', 'raw', 'value'], meant);
  const rows = meant.length > 0 ? await ask(searches) : [];
  await engine.run('DROP TABLE wanted; DROP TABLE meant');
  return rows;
}
