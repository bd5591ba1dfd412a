import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alikeTables } from '../../lambdas/adapters/lake/alike-tables.ts';
import { buildTable, copyTable } from '../../lambdas/adapters/lake/build-table.ts';
import { ingest } from '../../lambdas/adapters/lake/ingest.ts';
import { keepSurvivors } from '../../lambdas/adapters/lake/keep-survivors.ts';
import { lakeReader } from '../../lambdas/adapters/lake/lake-reader.ts';
import type { LakeTable } from '../../lambdas/adapters/lake/lake-table.ts';
import {
  findSubjects,
  findSubjectsInAll,
  type ScannedTable,
} from '../../lambdas/adapters/lake/prove.ts';
import { readSubjects, writeSubjects } from '../../lambdas/adapters/lake/subjects-file.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import { resolveIdentities } from '../../lambdas/domain/resolve-identities.ts';
import { CANARY, type Fixture, LAKE, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;
let made = 0;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture?.stop());

const IDENTITIES = [
  { type: 'customer_id', column: 'customer_id' },
  { type: 'email', column: 'email' },
  { type: 'phone', column: 'phone' },
];

/** A partition made by ingesting a CSV file of customer_id, email and phone. */
async function aPartition(
  lines: string[],
  { name = 'crm', personKey }: { name?: string; personKey?: string } = {},
): Promise<LakeTable> {
  const from = `files-${++made}/`;
  await fixture.put(LAKE, `${from}a.csv`, ['customer_id,email,phone', ...lines, ''].join('\n'));
  const context: SourceContext<'s3'> = {
    ...fixture.context,
    name,
    source: {
      kind: 's3',
      format: 'csv',
      bucket: LAKE,
      prefix: from,
      owner: { email: 'owner@example.org' },
      columns: { customer_id: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR' },
      identities: IDENTITIES,
      erasedWhen: 'rowGone',
      holdWhenLosing: 0.5,
    },
  };
  const prefix = `partitions/${name}/c-${made}.1/`;
  expect(await ingest(context, prefix)).toMatchObject({
    outcome: 'successful',
    rows: lines.length,
  });
  return { kind: 'partition', name, prefix, identities: IDENTITIES, personKey };
}

const EMAIL = { type: 'email', value: CANARY };
const PHONE = { type: 'phone', value: '+49301234567' };
const customer = (value: string) => ({ type: 'customer_id', value });

describe('ingesting', () => {
  it('keeps beside the rows what SQL cannot normalise, once for each spelling', async () => {
    const { prefix } = await aPartition([
      '1,,030/1234567 ext. 8',
      '2,,030/1234567 ext. 8',
      '3,,Tel. +49 30 1234567',
      '4,,+49 30 1234567',
      '5,,none',
    ]);
    const rows = await rowsOf(fixture.context, `${prefix}normalised.parquet`);
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual({
      type: 'phone',
      raw: '030/1234567 ext. 8',
      value: '+49301234567',
    });
  });

  it('counts the values of each identity column, which a field of another name leaves empty', async () => {
    const lines = ['{"customer_id":"1","mails":["a@example.org"]}', '{"customer_id":"2"}', ''];
    await fixture.put(LAKE, 'renamed/a.jsonl', lines.join('\n'));
    const columns = { customer_id: 'VARCHAR', emails: 'VARCHAR[]' };
    const identities = [
      { type: 'customer_id', column: 'customer_id' },
      { type: 'email', column: 'emails[]' },
    ];
    const owner = { email: 'owner@example.org' };
    const files = { kind: 's3', format: 'jsonLines', bucket: LAKE, prefix: 'renamed/' } as const;
    const rules = { erasedWhen: 'rowGone', holdWhenLosing: 0.5 } as const;
    const source = { ...files, ...rules, owner, columns, identities };
    const context: SourceContext<'s3'> = { ...fixture.context, name: 'crm', source };
    expect(await ingest(context, 'partitions/crm/renamed/')).toMatchObject({
      rows: 2,
      filled: { customer_id: 2, 'emails[]': 0 },
    });
  });

  it('keeps an empty table where there is nothing of the kind', async () => {
    const { prefix } = await aPartition(['1,,']);
    expect(await rowsOf(fixture.context, `${prefix}normalised.parquet`)).toEqual([]);
  });
});

describe('proving', () => {
  it('counts each row once for all subjects, and by type', async () => {
    const table = await aPartition([
      `1,${CANARY.toUpperCase()},030 1234567`,
      '2,,0049301234567',
      '3,x@example.org,',
    ]);
    const subjects = [
      { requestId: 'r1', identities: [EMAIL, PHONE] },
      { requestId: 'r2', identities: [customer('3')] },
      { requestId: 'r3', identities: [customer('4')] },
    ];
    const { scannedRows, hits } = await findSubjects(fixture.context, table, subjects);
    expect(scannedRows).toBe(3);
    expect(hits).toHaveLength(2);
    expect(hits).toContainEqual({ requestId: 'r1', rows: 2, byType: { email: 1, phone: 2 } });
    expect(hits).toContainEqual({ requestId: 'r2', rows: 1, byType: { customer_id: 1 } });
  });

  it('does not count a row whose cleared columns are all empty', async () => {
    const table = await aPartition(['1,,', '2,x@example.org,']);
    const subjects = ['1', '2'].map((id) => ({ requestId: id, identities: [customer(id)] }));
    const cleared = { ...table, clearedColumns: ['email', 'phone'] };
    const { hits } = await findSubjects(fixture.context, cleared, subjects);
    expect(hits.map(({ requestId }) => requestId)).toEqual(['2']);
  });

  it('looks into lists beside single values, however a person is written there', async () => {
    const { engine, lake } = fixture.context;
    const prefix = 'models/lists/';
    await engine.run(
      `COPY (SELECT * FROM (VALUES
         ('1', ['x@example.org', NULL, ' ${CANARY.toUpperCase()}.'], '+49 30 1234567'),
         (NULL, NULL, 'Tel. 030 1234567 ext. 3'),
         ('1\u00a0', [], '030 7654321 / 1234567'),
         ('4', ['${CANARY}', '<${CANARY}>'], NULL)
       ) AS rows (customer_id, emails, phone))
       TO '${lake.url(`${prefix}rows.parquet`)}' (FORMAT parquet)`,
    );
    const identities = [
      { type: 'customer_id', column: 'customer_id' },
      { type: 'email', column: 'emails[]' },
      { type: 'phone', column: 'phone' },
    ];
    const table: LakeTable = { kind: 'model', name: 'lists', prefix, identities };
    const subjects = [
      { requestId: 'r1', identities: [EMAIL, PHONE] },
      { requestId: 'r2', identities: [customer('1')] },
    ];
    const { hits } = await findSubjects(fixture.context, table, subjects);
    expect(hits).toHaveLength(2);
    expect(hits).toContainEqual({ requestId: 'r1', rows: 3, byType: { email: 2, phone: 2 } });
    expect(hits).toContainEqual({ requestId: 'r2', rows: 2, byType: { customer_id: 2 } });
  });

  it('counts each row of a model that gives the number of a source row as its own', async () => {
    const { engine, lake } = fixture.context;
    const prefix = 'models/matched/';
    await engine.run(
      `COPY (SELECT * FROM (VALUES (7, 'orders', '1'), (7, 'crm', '1'), (7, 'loyalty', '2'))
         AS rows (_row, source, customer_id))
       TO '${lake.url(`${prefix}rows.parquet`)}' (FORMAT parquet)`,
    );
    const identities = [{ type: 'customer_id', column: 'customer_id' }];
    const table: LakeTable = { kind: 'model', name: 'matched', prefix, identities };
    const { hits } = await findSubjects(fixture.context, table, [
      { requestId: 'r1', identities: [customer('1')] },
    ]);
    expect(hits).toEqual([{ requestId: 'r1', rows: 2, byType: { customer_id: 2 } }]);
    expect(await lakeReader(fixture.context, [table]).rowsHolding([customer('1')])).toMatchObject([
      { rows: 2, identities: [customer('1')] },
    ]);
    // What other models read of it is that number.
    const built = await buildTable(fixture.context, {
      sql: 'SELECT DISTINCT _row FROM matched',
      reads: { matched: table },
      identities: [],
      prefix: 'models/reading/',
    });
    expect(built).toMatchObject({ outcome: 'built', rows: 1 });
    const kept = { old: table, standing: [await aPartition(['2,,'])], prefix: 'models/kept/' };
    await keepSurvivors(fixture.context, kept);
    expect(await rowsOf(fixture.context, 'models/kept/rows.parquet')).toEqual([
      { _row: 7, source: 'loyalty', customer_id: '2' },
    ]);
  });

  it('scans many tables as if each were alone, and says of each what it holds', async () => {
    const noted = [
      ...IDENTITIES,
      { type: 'email', column: 'customer_id', within: 'text' as const },
    ];
    const tables = [
      await aPartition(['1,,', `2,${CANARY},`]),
      await aPartition(['1,,', '1,,', '3,,030/1234567']),
      { ...(await aPartition([`write to ${CANARY},,`, '2,,'])), identities: noted },
      { ...(await aPartition(['9,,', `see ${CANARY},,`, `see ${CANARY},,`])), identities: noted },
      { ...(await aPartition(['1,,', `1,${CANARY},`])), clearedColumns: ['email', 'phone'] },
      await aPartition(['4,,']),
    ];
    const subjects = [
      { requestId: 'r1', identities: [customer('1'), EMAIL] },
      { requestId: 'r2', identities: [PHONE] },
    ];
    const alone: ScannedTable[] = [];
    for (const table of tables) alone.push(await findSubjects(fixture.context, table, subjects));
    const inOrder = (scanned: ScannedTable[]) =>
      scanned.map(({ hits, ...one }) => ({
        ...one,
        hits: hits.toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1)),
      }));
    expect(inOrder(alone).map(({ hits }) => hits.map(({ rows }) => rows))).toEqual([
      ...[[2], [2, 1], [1], [2], [1], []],
    ]);
    const together = await findSubjectsInAll(fixture.context, tables, subjects);
    expect(inOrder(together)).toEqual(inOrder(alone));
    const missing = { ...(tables[0] as LakeTable), prefix: 'nowhere/' };
    await expect(
      findSubjectsInAll(fixture.context, [...tables, missing], subjects),
    ).rejects.toThrow('DuckDB');
  });

  it('throws for a table that is not there, because not scanned is never absent', async () => {
    const table: LakeTable = {
      kind: 'model',
      name: 'x',
      prefix: 'nowhere/',
      identities: IDENTITIES,
    };
    await expect(findSubjects(fixture.context, table, [])).rejects.toThrow('DuckDB');
  });

  it('reads back the subjects that were written for a cycle', async () => {
    await writeSubjects(fixture.context, 'c-9', [
      { requestId: 'r1', ...EMAIL },
      { requestId: 'r1', ...PHONE },
    ]);
    expect(await readSubjects(fixture.context, 'c-9')).toEqual([
      { requestId: 'r1', identities: expect.arrayContaining([EMAIL, PHONE]) },
    ]);
    await fixture.context.lake.erase('work/c-9/');
    expect(await fixture.context.lake.list('work/c-9/')).toEqual([]);
  });
});

describe('reading the lake for a resolution', () => {
  it('counts thousands beside a placeholder, and lists twenty', async () => {
    const placeholders = [...Array(3000).keys()].map((n) => `c${n},None@example.com,`);
    const older = await aPartition(['c0,none@example.com,', 'other,none@example.com,'], {
      personKey: 'customer_id',
    });
    const table = await aPartition(placeholders, { personKey: 'customer_id' });
    const [beside] = await lakeReader(fixture.context, [table, older]).peopleBeside([
      { type: 'email', value: 'none@example.com' },
    ]);
    expect(beside).toMatchObject({ table: 'crm', count: 3001 });
    expect(beside?.people).toHaveLength(20);
  });

  it('takes people of a source that declared another key since for others, in either order', async () => {
    const phone = '030 1234567';
    const before = await aPartition([`1,,${phone}`, `2,,${phone}`], { personKey: 'customer_id' });
    const since = await aPartition([`3,a@example.org,${phone}`], { personKey: 'email' });
    for (const tables of [
      [before, since],
      [since, before],
    ]) {
      const [beside] = await lakeReader(fixture.context, tables).peopleBeside([PHONE]);
      expect(beside).toEqual({
        identity: PHONE,
        table: 'crm',
        people: [customer('1'), customer('2'), { type: 'email', value: 'a@example.org' }],
        count: 3,
      });
    }
  });

  it('takes fifty rows of one customer for one person', async () => {
    const rows = Array.from({ length: 50 }, () => `c1,${CANARY},`);
    const table = await aPartition(rows, { personKey: 'customer_id' });
    const reader = lakeReader(fixture.context, [table]);
    expect(await reader.peopleBeside([EMAIL])).toEqual([
      { identity: EMAIL, table: 'crm', people: [customer('c1')], count: 1 },
    ]);
    expect(await reader.rowsHolding([EMAIL])).toEqual([
      { kind: 'source', table: 'crm', rows: 50, identities: [customer('c1'), EMAIL] },
    ]);
  });

  it('reads the partitions of a source together, each with the columns that it has', async () => {
    const { engine, lake } = fixture.context;
    const written = async (at: number, rows: string): Promise<LakeTable> => {
      const prefix = `partitions/changing/${at}/`;
      await engine.run(`COPY (${rows}) TO '${lake.url(`${prefix}rows.parquet`)}' (FORMAT parquet)`);
      return {
        kind: 'partition',
        name: 'crm',
        prefix,
        identities: IDENTITIES.filter(({ type }) => type !== 'phone'),
        personKey: 'customer_id',
      };
    };
    const email = `'${CANARY}' AS email`;
    const tables = [
      await written(1, `SELECT '1' AS customer_id, ${email}`),
      await written(2, `SELECT '1' AS customer_id, ${email} UNION ALL SELECT '2', ${email}`),
      await written(3, `SELECT 3 AS customer_id, ${email}, 'new' AS colour`),
      await written(4, `SELECT '4' AS customer_id, ${email}, 0 AS file_index, 0 AS _row`),
      await written(5, `SELECT '5' AS customer_id, ${email}, 0 AS file_index, 0 AS _row`),
    ];
    expect(await alikeTables(fixture.context, tables)).toHaveLength(4);
    const reader = lakeReader(fixture.context, tables);
    const held = await reader.rowsHolding([EMAIL]);
    const rowsBeside = (id: string) =>
      held
        .filter(({ identities }) => identities.some(({ value }) => value === id))
        .reduce((sum, { rows }) => sum + rows, 0);
    expect(['1', '2', '3', '4', '5'].map(rowsBeside)).toEqual([2, 1, 1, 1, 1]);
    expect(await reader.peopleBeside([EMAIL])).toMatchObject([
      { identity: EMAIL, table: 'crm', count: 5 },
    ]);
  });

  it('finds a phone by any spelling, and gives what stands beside it', async () => {
    const table = await aPartition([`c1,,(030) 123-4567`, 'c2,,030 7654321']);
    const [held] = await lakeReader(fixture.context, [table]).rowsHolding([PHONE]);
    expect(held?.identities).toEqual(expect.arrayContaining([customer('c1'), PHONE]));
  });

  it('tells who is meant from rows that only look so: a key of nothing, an unreadable phone', async () => {
    const others = Array.from({ length: 200 }, (_, n) => `c${n},,00000`);
    const table = await aPartition([...others, 'ivan,ivan@пример.рф,+49 30 1200000']);
    const wanted = [
      { type: 'email', value: 'ivan@пример.рф' },
      { type: 'phone', value: '+49301200000' },
    ];
    const held = await lakeReader(fixture.context, [table]).rowsHolding(wanted);
    expect(held).toEqual([
      { kind: 'source', table: 'crm', rows: 1, identities: [customer('ivan'), ...wanted] },
    ]);
  });

  it('counts a row once that holds a person by a list and by a column', async () => {
    const { engine, lake } = fixture.context;
    const prefix = 'snapshots/c-1/models/both/';
    await engine.run(`COPY (SELECT * FROM (VALUES
        ('1', ['${CANARY}', 'b@example.org']), ('1', NULL), ('2', ['${CANARY}', '${CANARY}']), ('3', [])
      ) AS rows (customer_id, emails)) TO '${lake.url(`${prefix}rows.parquet`)}' (FORMAT parquet)`);
    const identities = [
      { type: 'customer_id', column: 'customer_id' },
      { type: 'email', column: 'emails[]' },
    ];
    const table: LakeTable = { kind: 'model', name: 'both', prefix, identities };
    const held = await lakeReader(fixture.context, [table]).rowsHolding([customer('1'), EMAIL]);
    expect(held).toHaveLength(3);
    expect(held.map(({ rows }) => rows)).toEqual([1, 1, 1]);
  });

  it('reads lists of e-mails in nested columns', async () => {
    const { engine, lake } = fixture.context;
    await engine.run(`COPY (SELECT {'emails': ['A@example.org', NULL, '${CANARY}']} AS who)
      TO '${lake.url('snapshots/c-1/models/nested/rows.parquet')}' (FORMAT parquet)`);
    const table: LakeTable = {
      kind: 'model',
      name: 'nested',
      prefix: 'snapshots/c-1/models/nested/',
      identities: [{ type: 'email', column: 'who.emails[]' }],
      isActive: true,
    };
    expect(await lakeReader(fixture.context, [table]).rowsHolding([EMAIL])).toEqual([
      {
        kind: 'model',
        table: 'nested',
        rows: 1,
        identities: expect.arrayContaining([EMAIL, { type: 'email', value: 'a@example.org' }]),
        isActive: true,
      },
    ]);
  });
});

describe('resolving over the lake', () => {
  it('follows a chain of fifty links from partition to partition, and stops at a bound', async () => {
    const tables: LakeTable[] = [];
    for (let part = 0; part < 5; part++) {
      const links = [...Array(10).keys()].map((n) => part * 10 + n);
      // Every link by another kind of identity than the one before.
      const line = (n: number) =>
        n % 2 ? `c${n + 1},m${n}@example.org,` : `c${n},m${n + 1}@example.org,`;
      tables.push(await aPartition(links.map(line), { name: `part${part}` }));
    }
    const { identityTypes } = fixture.context;
    const follow = (bound: number) =>
      resolveIdentities([customer('c0')], identityTypes, lakeReader(fixture.context, tables), {
        bound,
      });
    const { unique, boundReached } = await follow(100);
    expect(unique).toHaveLength(51);
    expect(boundReached).toBe(false);
    expect(await follow(10)).toMatchObject({ boundReached: true });
  });

  it('looks for a hundred identities at once, and counts each row once', async () => {
    const numbers = [...Array(100).keys()];
    const table = await aPartition(numbers.map((n) => `c${n},p${n}@example.org,`));
    const identities = numbers.flatMap((n) => [
      ...(n % 2 ? [customer(`c${n}`)] : [{ type: 'email', value: `p${n}@example.org` }]),
    ]);
    const { unique, rows } = await resolveIdentities(
      identities,
      fixture.context.identityTypes,
      lakeReader(fixture.context, [table]),
      { bound: 1000 },
    );
    expect(unique).toHaveLength(200);
    expect(rows).toEqual({ crm: 100 });
  });
});

describe('a source that anonymises in place', () => {
  it('links nobody by a row that was anonymised: its key stays, and is in no view of identities', async () => {
    const table = await aPartition(['1,,', `2,${CANARY},`]);
    const built = await buildTable(fixture.context, {
      sql: "SELECT DISTINCT value AS customer_id FROM identities WHERE type = 'customer_id'",
      reads: {},
      identitiesOver: [{ ...table, clearedColumns: ['email', 'phone'] }],
      identities: IDENTITIES.slice(0, 1),
      prefix: `snapshots/c-${made}/models/people/`,
    });
    expect(built).toMatchObject({ outcome: 'built', rows: 1 });
  });
});

describe('building tables', () => {
  const build = async (sql: string, identities = IDENTITIES.slice(0, 1)) => {
    const crm = await aPartition([`1,${CANARY},030 1234567`, '2,,']);
    const prefix = `snapshots/c-${made}/models/m/`;
    const built = await buildTable(fixture.context, {
      sql,
      reads: { crm },
      identitiesOver: [crm],
      identities,
      prefix,
    });
    return { built, prefix };
  };

  it('runs SQL over what it reads, and over every identity of it', async () => {
    const { built, prefix } = await build(
      `
      SELECT crm.customer_id, list_sort(list(type || ' ' || value)) AS found
      FROM crm JOIN identities ON identities._row = crm._row AND source = 'crm'
      GROUP BY ALL ORDER BY 1;`,
    );
    expect(built).toEqual({ outcome: 'built', rows: 2, bytes: expect.any(Number) });
    expect(await rowsOf(fixture.context, `${prefix}rows.parquet`)).toEqual(
      expect.arrayContaining([
        { customer_id: '1', found: ['customer_id 1', `email ${CANARY}`, 'phone +49301234567'] },
      ]),
    );
  });

  it('takes a model that yields nothing for built, with its columns', async () => {
    const { built, prefix } = await build('SELECT * FROM crm WHERE false');
    expect(built).toMatchObject({ outcome: 'built', rows: 0 });
    expect(await rowsOf(fixture.context, `${prefix}rows.parquet`)).toEqual([]);
  });

  it.each([
    ['a column that what it reads has no more', 'SELECT crm.mobile FROM crm', /^line 1: .*mobile/],
    ['an unknown column', 'SELECT customer_id,\n nope FROM crm', /^line 2: .*nope/],
    ['a table that it does not declare', 'SELECT * FROM other', /^line 1: .*other/],
    ['a syntax error', 'SELEC 1', /^line 1: Parser Error/],
    [
      'a value that does not convert',
      'SELECT email::INTEGER AS customer_id FROM crm',
      /Conversion/,
    ],
    ['no identity column', 'SELECT 1 AS one', /gives no column customer_id/],
    [
      'a nested column without its field',
      "SELECT {'id': 1} AS who FROM crm",
      /gives no column who.email/,
      [{ type: 'email', column: 'who.email' }],
    ],
  ])('fails on %s, in words without any row', async (_, sql, cause, identities = undefined) => {
    const { built } = await build(sql, identities);
    expect(built).toMatchObject({ outcome: 'failed', cause: expect.stringMatching(cause) });
    expect(JSON.stringify(built)).not.toContain(CANARY);
  });

  it('copies a table as it is', async () => {
    const table = await aPartition(['1,,']);
    expect(await copyTable(fixture.context, table, 'snapshots/c-1/segments/s/')).toMatchObject({
      rows: 1,
    });
  });

  it('keeps those rows of a frozen segment whose people still stand', async () => {
    const old = await aPartition([
      '1,A@example.org,030 1234567',
      '2,b@example.org,',
      '3,,030 7654321',
      ',,',
    ]);
    const segment: LakeTable = { ...old, kind: 'segment' };
    const standing = await aPartition(['1,a@example.org,0049301234567', ',b@example.org,', '3,,']);
    const prefix = 'snapshots/c-2/segments/s/';
    const kept = await keepSurvivors(fixture.context, {
      old: segment,
      standing: [standing],
      prefix,
    });
    expect(kept.rows).toBe(2);
    const rows = await rowsOf(fixture.context, `${prefix}rows.parquet`);
    expect(rows.map(({ customer_id }) => customer_id)).toEqual(expect.arrayContaining(['1', null]));
  });
});

describe('the engine', () => {
  it('repeats no credential in an error, nor a row in its message', async () => {
    const { engine } = fixture.context;
    const failed = engine.runSecretly(`ATTACH 'password=top-secret' AS x (TYPE nonsense)`, [
      'top-secret',
    ]);
    const error = await failed.catch((thrown: unknown) => thrown as Error);
    expect(JSON.stringify([String(error), String((error as Error).cause)])).not.toContain(
      'top-secret',
    );
    await expect(engine.run(`SELECT '${CANARY}'::INTEGER`)).rejects.toThrow(
      /^DuckDB: Conversion error$/,
    );
  });
});
