import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type GatheredSubject,
  gatherTable,
  withMadeKeys,
} from '../../lambdas/adapters/lake/gather.ts';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import { lakeReader } from '../../lambdas/adapters/lake/lake-reader.ts';
import type { LakeTable } from '../../lambdas/adapters/lake/lake-table.ts';
import type { Identity, IdentityType } from '../../lambdas/domain/identity.ts';
import { resolveIdentities } from '../../lambdas/domain/resolve-identities.ts';
import { type Fixture, rowsOf, startFixture } from './fixture.ts';

const TYPES: Record<string, IdentityType> = {
  email: { normalForm: 'email', points: 'unique' },
  customer_id: { normalForm: 'text', points: 'unique' },
  phone: { normalForm: 'phone', points: 'shared', defaultCountry: 'DE' },
  customer_key: { normalForm: 'text', points: 'unique', madeBy: 'customers' },
};

let fixture: Fixture;
let context: LakeContext;
let made = 0;

beforeAll(async () => {
  fixture = await startFixture();
  context = { ...fixture.context, identityTypes: TYPES };
});

afterAll(() => fixture?.stop());

type Row = Record<string, string | string[] | null>;

/** A table of these rows; each of its columns that is named like a type holds such identities. */
async function aTable(
  kind: LakeTable['kind'],
  name: string,
  columns: Record<string, 'VARCHAR' | 'VARCHAR[]' | 'DATE' | 'BIGINT'>,
  rows: Row[],
): Promise<LakeTable> {
  const prefix = `tables/${++made}/`;
  const { engine, lake } = context;
  const names = Object.keys(columns);
  await engine.fill(
    'raw',
    names,
    rows.map((row) => names.map((column) => asText(row[column] ?? null))),
  );
  const typed = Object.entries(columns).map(([column, type]) =>
    type === 'VARCHAR' ? column : `CAST(${column} AS ${type}) AS ${column}`,
  );
  await engine.run(
    `COPY (SELECT ${typed.join(', ')} FROM raw) TO '${lake.url(`${prefix}rows.parquet`)}' (FORMAT parquet)`,
  );
  const identities = Object.entries(columns).flatMap(([column, type]) => {
    const identity = column.replace(/s$/, '');
    return TYPES[identity]
      ? [{ type: identity, column: type === 'VARCHAR[]' ? `${column}[]` : column }]
      : [];
  });
  return {
    kind,
    name,
    prefix,
    identities,
    ...(kind === 'partition' && columns.customer_id ? { personKey: 'customer_id' } : {}),
    ...(kind === 'model' ? { isActive: true } : {}),
  };
}

const asText = (value: string | string[] | null) =>
  Array.isArray(value) ? `[${value.join(', ')}]` : value;

const subject = (requestId: string, ...identities: Identity[]): GatheredSubject => ({
  requestId,
  identities,
  shared: [],
});
const customer = (value: string): Identity => ({ type: 'customer_id', value });
const email = (value: string): Identity => ({ type: 'email', value });
const key = (value: string): Identity => ({ type: 'customer_key', value });

/** What was gathered: of each request, its rows, by the name of their columns. */
async function gathered(table: LakeTable, subjects: GatheredSubject[]) {
  const to = `work/g-${++made}/`;
  const { columns, rows, leftOut } = await gatherTable(context, table, subjects, to);
  const found = await rowsOf(context, `${to}rows.parquet`);
  const named = found.map(({ request, ...cells }) => ({
    request,
    ...Object.fromEntries(columns.map(({ name }, at) => [name, cells[`c${at}`]])),
  }));
  return { columns, rows, leftOut, named: named as Record<string, unknown>[] };
}

describe('gathering', () => {
  it('copies the rows of each request and of nobody else, with every column', async () => {
    const table = await aTable(
      'partition',
      'crm',
      { customer_id: 'VARCHAR', email: 'VARCHAR', note: 'VARCHAR' },
      [
        { customer_id: '1', email: 'Anna@Example.org', note: 'a' },
        { customer_id: null, email: 'anna@example.org', note: 'b' },
        { customer_id: '2', email: 'ben@example.org', note: 'c' },
        { customer_id: '3', email: null, note: 'd' },
      ],
    );
    const { named, rows, columns } = await gathered(table, [
      subject('r1', customer('1'), email('anna@example.org')),
      subject('r2', customer('2'), email('ben@example.org')),
      subject('r4', customer('4')),
    ]);
    expect(named.map(({ request, note }) => `${request} ${note}`)).toEqual([
      'r1 a',
      'r1 b',
      'r2 c',
    ]);
    expect(rows).toEqual({ r1: 2, r2: 1 });
    expect(columns).toContainEqual({ name: 'note', type: 'VARCHAR' });
  });

  it('of a model that took over the numbers of rows, which are many rows’ own, takes nobody else’s', async () => {
    const table = await aTable(
      'model',
      'matched',
      { source: 'VARCHAR', _row: 'BIGINT', customer_key: 'VARCHAR' },
      [
        { source: 'crm', _row: '0', customer_key: 'a' },
        { source: 'orders', _row: '0', customer_key: 'b' },
        { source: 'orders', _row: '1', customer_key: 'a' },
        { source: 'loyalty', _row: '0', customer_key: 'a' },
      ],
    );
    const { named, rows, columns } = await gathered(table, [subject('r1', key('a'))]);
    expect(named.map(({ source }) => source)).toEqual(['crm', 'orders', 'loyalty']);
    expect(rows).toEqual({ r1: 3 });
    expect(columns.map(({ name }) => name)).toEqual(['source', 'customer_key']);
    const held = await lakeReader(context, [table]).rowsHolding([key('a')]);
    expect(held.map(({ rows: count }) => count)).toEqual([3]);
  });

  it('gives a row to each of two requests for one person, once', async () => {
    const table = await aTable('partition', 'crm', { customer_id: 'VARCHAR', email: 'VARCHAR' }, [
      { customer_id: '1', email: 'anna@example.org' },
    ]);
    const { rows } = await gathered(table, [
      subject('r1', customer('1'), email('anna@example.org')),
      subject('r2', customer('1'), email('anna@example.org')),
    ]);
    expect(rows).toEqual({ r1: 1, r2: 1 });
  });

  it('puts the newest rows first', async () => {
    const table = await aTable('partition', 'orders', { customer_id: 'VARCHAR', day: 'DATE' }, [
      { customer_id: '1', day: '2026-01-02' },
      { customer_id: '1', day: null },
      { customer_id: '2', day: '2030-01-01' },
      { customer_id: '1', day: '2026-03-04' },
    ]);
    const { named } = await gathered(table, [subject('r1', customer('1'))]);
    expect(named.map(({ day }) => (day as Date | null)?.toISOString().slice(0, 10))).toEqual([
      '2026-03-04',
      '2026-01-02',
      undefined,
    ]);
  });

  it('leaves out rows that were anonymised in place', async () => {
    const table = await aTable('partition', 'crm', { customer_id: 'VARCHAR', email: 'VARCHAR' }, [
      { customer_id: '1', email: null },
      { customer_id: '1', email: 'anna@example.org' },
    ]);
    const cleared = { ...table, clearedColumns: ['email'] };
    const of1 = subject('r1', customer('1'), email('anna@example.org'));
    expect((await gathered(cleared, [of1])).rows).toEqual({ r1: 1 });
  });

  it('leaves out a row of a source that is somebody else’s since the person was resolved', async () => {
    const table = await aTable('partition', 'crm', { customer_id: 'VARCHAR', email: 'VARCHAR' }, [
      { customer_id: '1', email: 'home@example.org' },
      { customer_id: '2', email: 'home@example.org' },
    ]);
    const of1 = subject('r1', customer('1'), email('home@example.org'));
    expect(await gathered(table, [of1])).toMatchObject({ rows: { r1: 1 }, leftOut: { r1: 1 } });
  });

  it('finds nothing in a table of other identities, and says which columns it has', async () => {
    const table = await aTable('model', 'sums', { email: 'VARCHAR' }, [{ email: 'a@example.org' }]);
    expect(await gathered(table, [subject('r1', customer('1'))])).toMatchObject({
      rows: {},
      named: [],
      columns: [{ name: 'email', type: 'VARCHAR' }],
    });
  });

  it('takes no notice of how a column is called', async () => {
    const { engine, lake } = context;
    const prefix = `tables/${++made}/`;
    await engine.run(
      `COPY (SELECT '1' AS customer_id, 'x' AS "request", 'y' AS "row", 'z' AS "c0", 'w' AS "a ""b""; --")
       TO '${lake.url(`${prefix}rows.parquet`)}' (FORMAT parquet)`,
    );
    const identities = [{ type: 'customer_id', column: 'customer_id' }];
    const table: LakeTable = { kind: 'partition', name: 'odd', prefix, identities };
    const { columns, rows } = await gathered(table, [subject('r1', customer('1'))]);
    expect(columns.map(({ name }) => name)).toEqual([
      'customer_id',
      'request',
      'row',
      'c0',
      'a "b"; --',
    ]);
    expect(rows).toEqual({ r1: 1 });
  });

  it('fails for a table that is not there, because not read is never nothing held', async () => {
    const table: LakeTable = { kind: 'model', name: 'x', prefix: 'nowhere/', identities: [] };
    await expect(gathered(table, [])).rejects.toThrow('DuckDB');
  });
});

describe('keys that models made', () => {
  const MERGED = { customer_key: 'k', customer_ids: ['1', '2'], emails: [] };
  const customers = (rows: Row[]) =>
    aTable(
      'model',
      'customers',
      { customer_key: 'VARCHAR', customer_ids: 'VARCHAR[]', emails: 'VARCHAR[]' },
      rows,
    );
  const keysOf = async (models: LakeTable[], ...subjects: GatheredSubject[]) =>
    (await withMadeKeys(context, models, subjects)).map(({ identities }) =>
      identities.flatMap(({ type, value }) => (type === 'customer_key' ? [value] : [])),
    );

  it('are those of this snapshot, not of the one that was resolved against', async () => {
    const table = await customers([{ customer_key: 'new', customer_ids: ['1'], emails: [] }]);
    expect(await keysOf([table], subject('r1', customer('1'), key('old')))).toEqual([['new']]);
  });

  it('are nobody’s where a model put two people under one', async () => {
    const table = await customers([MERGED]);
    const of1 = subject('r1', customer('1'));
    expect(await keysOf([table], of1)).toEqual([[]]);
    expect(await gathered(table, [of1])).toMatchObject({ rows: {}, leftOut: { r1: 1 } });
  });

  it('are nobody’s where another row has the same key for somebody else', async () => {
    const table = await customers([
      { customer_key: 'k', customer_ids: ['1'], emails: [] },
      { customer_key: 'k', customer_ids: ['2'], emails: [] },
    ]);
    expect(await keysOf([table], subject('r1', customer('1')))).toEqual([[]]);
  });

  it('stay one’s own beside values that one shares', async () => {
    const table = await customers([
      { customer_key: 'k', customer_ids: ['1'], emails: ['home@example.org'] },
    ]);
    const of1 = { ...subject('r1', customer('1')), shared: [email('home@example.org')] };
    expect(await keysOf([table], of1)).toEqual([['k']]);
    expect((await gathered(table, [of1])).rows).toEqual({ r1: 1 });
  });

  it('are taken as given from whoever gave nothing else', async () => {
    expect(await keysOf([await customers([MERGED])], subject('r1', key('k')))).toEqual([['k']]);
  });
});

interface Person {
  emails: number[];
  phone: number;
  orders: number;
  visits: number;
}

const person: fc.Arbitrary<Person> = fc.record({
  emails: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
  phone: fc.integer({ min: 0, max: 1 }),
  orders: fc.integer({ min: 0, max: 2 }),
  visits: fc.integer({ min: 0, max: 2 }),
});

/** How a model puts people together, rightly or wrongly. */
const merging = fc.constantFrom('nobody', 'byEmail', 'byPhone', 'everybody');

const idOf = (at: number) => `c${at}`;
const emailOf = (at: number) => `mail${at}@example.org`;
const phoneOf = (at: number) => `030 123450${at}`;

/** The key under which a model has each person. */
function keysBy(how: string, people: Person[]): string[] {
  return people.map((one, at) => {
    if (how === 'everybody') return 'all';
    if (how === 'byPhone') return `phone${one.phone}`;
    if (how === 'byEmail')
      return `p${people.findIndex(({ emails }) => emails.some((mail) => one.emails.includes(mail)))}`;
    return `p${at}`;
  });
}

async function aLake(people: Person[], how: string) {
  const rows = people.flatMap(({ emails, phone }, at) =>
    [...emails.map(emailOf), null].map((mail) => ({
      owner: idOf(at),
      customer_id: idOf(at),
      email: mail,
      phone: phoneOf(phone),
    })),
  );
  const crm = await aTable(
    'partition',
    'crm',
    { owner: 'VARCHAR', customer_id: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR' },
    rows,
  );
  const orders = await aTable(
    'partition',
    'orders',
    { owner: 'VARCHAR', customer_id: 'VARCHAR', email: 'VARCHAR' },
    people.flatMap(({ orders, emails }, at) =>
      Array.from({ length: orders }, (_, n) => ({
        owner: idOf(at),
        customer_id: idOf(at),
        email: emails[n] === undefined ? null : emailOf(emails[n]),
      })),
    ),
  );
  const visits = await aTable(
    'partition',
    'visits',
    { owner: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR' },
    people.flatMap(({ visits, emails, phone }, at) =>
      Array.from({ length: visits }, (_, n) => ({
        owner: idOf(at),
        email: emails[n] === undefined ? null : emailOf(emails[n]),
        phone: phoneOf(phone),
      })),
    ),
  );
  const keys = keysBy(how, people);
  const together = [...new Set(keys)].map((made) =>
    people.flatMap((_, at) => (keys[at] === made ? [at] : [])),
  );
  const customers = await aTable(
    'model',
    'customers',
    {
      owner: 'VARCHAR',
      customer_key: 'VARCHAR',
      customer_ids: 'VARCHAR[]',
      emails: 'VARCHAR[]',
      phones: 'VARCHAR[]',
    },
    together.map((group) => ({
      owner: group.map(idOf).join(' '),
      customer_key: keys[group[0] ?? 0] ?? '',
      customer_ids: group.map(idOf),
      emails: group.flatMap((at) => people[at]?.emails.map(emailOf) ?? []),
      phones: group.flatMap((at) => phoneOf(people[at]?.phone ?? 0)),
    })),
  );
  const activities = await aTable(
    'model',
    'activities',
    { owner: 'VARCHAR', customer_key: 'VARCHAR' },
    people.map((_, at) => ({ owner: idOf(at), customer_key: keys[at] ?? '' })),
  );
  const mailing = await aTable(
    'segment',
    'mailing',
    { owner: 'VARCHAR', customer_key: 'VARCHAR', email: 'VARCHAR' },
    people.flatMap(({ emails }, at) =>
      emails.map((mail) => ({
        owner: idOf(at),
        customer_key: keys[at] ?? '',
        email: emailOf(mail),
      })),
    ),
  );
  return { sources: [crm, orders, visits], models: [customers, activities], segments: [mailing] };
}

describe('people who share an e-mail or a phone', () => {
  it('never see each other’s rows, however a model puts them together', async () => {
    let own = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { minLength: 2, maxLength: 3 }),
        merging,
        async (people, how) => {
          const { sources, models, segments } = await aLake(people, how);
          const reader = lakeReader(context, [...sources, ...models]);
          const resolved: GatheredSubject[] = [];
          for (const at of people.keys()) {
            const { unique, shared } = await resolveIdentities(
              [customer(idOf(at))],
              TYPES,
              reader,
              {
                bound: 100,
              },
            );
            resolved.push({ requestId: idOf(at), identities: unique, shared });
          }
          const subjects = await withMadeKeys(context, models, resolved);
          for (const table of [...sources, ...models, ...segments]) {
            const { named } = await gathered(table, subjects);
            for (const { request, owner } of named) expect(owner).toBe(request);
            own += named.length;
          }
          // What says whose it is, in a source, is never missed.
          const [crm] = sources;
          const rows = crm ? (await gathered(crm, subjects)).rows : {};
          for (const [at, { emails }] of people.entries())
            expect(rows[idOf(at)]).toBe(emails.length + 1);
        },
      ),
      { numRuns: 10 },
    );
    expect(own).toBeGreaterThan(40);
  });
});
