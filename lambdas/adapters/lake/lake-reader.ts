import { type Identity, identityKey, wholeColumns } from '../../domain/identity.ts';
import { normaliseSql } from '../../domain/normalise-sql.ts';
import type { HeldRow, LakeReader, PeopleBeside } from '../../domain/resolve-identities.ts';
import { literal } from '../engine/sql.ts';
import { type AlikeTables, alikeTables } from './alike-tables.ts';
import { findWholeRows, ofMeant, searchSql } from './candidates.ts';
import { findWithin } from './find-within.ts';
import type { LakeContext } from './lake-context.ts';
import type { LakeTable } from './lake-table.ts';
import { identitiesOf, SubjectIndex } from './subject-index.ts';

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
      for (const one of await alike())
        for (const row of await rowsHolding(context, one, index)) rows.push(row);
      return rows;
    },
  };
}

/**
 * All partitions of one source at once: the same person in two of them is one person, unless they
 * tell people apart by keys of different types, since that was declared anew. Then somebody is asked.
 */
async function peopleBeside(
  context: LakeContext,
  partitions: AlikeTables[],
  identities: Identity[],
): Promise<PeopleBeside[]> {
  const index = indexOf(context, identities);
  const searches = partitions.flatMap(({ table, rows }) => {
    const persons = wholeColumns(table.identities).filter(({ type }) => type === table.personKey);
    const searched = { relation: `(${rows})`, identities: table.identities };
    const search = searchSql(context.identityTypes, searched, index, persons);
    return search && persons.length > 0 ? [`SELECT DISTINCT type, raw, told FROM (${search})`] : [];
  });
  const forms = Object.entries(context.identityTypes).map(
    ([type, { normalForm }]) =>
      `WHEN ${literal(type)} THEN ${normaliseSql(normalForm, 'one.raw') ?? 'one.raw'}`,
  );
  const persons = `SELECT type, value, CASE one.type ${forms.join(' ')} END AS person, one.type AS key
    FROM (SELECT type, value, unnest(told) AS one FROM found JOIN meant USING (type, raw))`;
  const beside: PeopleBeside[] = [];
  for await (const { type, value, people, count } of ofMeant<Beside>(
    context,
    { searches, index },
    `SELECT type, value, list_sort(list(DISTINCT {'type': key, 'value': person}))[:${PEOPLE_LISTED}] AS people,
       count(DISTINCT {'type': key, 'value': person})::INTEGER AS count
     FROM (${persons}) WHERE person IS NOT NULL GROUP BY type, value`,
  ))
    beside.push({
      identity: { type, value },
      table: partitions[0]?.table.name ?? '',
      people,
      count,
    });
  return beside;
}

interface Beside extends Identity {
  people: Identity[];
  count: number;
}

const indexOf = ({ identityTypes }: LakeContext, identities: Identity[]): SubjectIndex =>
  new SubjectIndex([{ requestId: 'wanted', identities }], identityTypes);

async function rowsHolding(
  context: LakeContext,
  { table, rows: held }: AlikeTables,
  index: SubjectIndex,
): Promise<HeldRow[]> {
  const searched = { relation: `(${held})`, identities: table.identities };
  const candidates = [
    ...(await findWholeRows(context, searched, index)),
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
