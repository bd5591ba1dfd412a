import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildTable, copyTable } from '../../lambdas/adapters/lake/build-table.ts';
import { keepSurvivors } from '../../lambdas/adapters/lake/keep-survivors.ts';
import type { LakeTable } from '../../lambdas/adapters/lake/lake-table.ts';
import { aPartition, IDENTITIES } from './a-partition.ts';
import { CANARY, type Fixture, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture?.stop());

describe('a source that anonymises in place', () => {
  it('links nobody by a row that was anonymised: its key stays, and is in no view of identities', async () => {
    const table = await aPartition(fixture, ['1,,', `2,${CANARY},`]);
    const built = await buildTable(fixture.context, {
      sql: "SELECT DISTINCT value AS customer_id FROM identities WHERE type = 'customer_id'",
      reads: {},
      identitiesOver: [{ ...table, clearedColumns: ['email', 'phone'] }],
      identities: IDENTITIES.slice(0, 1),
      prefix: `${table.prefix}models/people/`,
    });
    expect(built).toMatchObject({ outcome: 'built', rows: 1 });
  });
});

describe('building tables', () => {
  const build = async (sql: string, identities = IDENTITIES.slice(0, 1)) => {
    const crm = await aPartition(fixture, [`1,${CANARY},030 1234567`, '2,,']);
    const prefix = `${crm.prefix}models/m/`;
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
    const table = await aPartition(fixture, ['1,,']);
    expect(await copyTable(fixture.context, table, 'snapshots/c-1/segments/s/')).toMatchObject({
      rows: 1,
    });
  });

  it('keeps those rows of a frozen segment whose people still stand', async () => {
    const old = await aPartition(fixture, [
      '1,A@example.org,030 1234567',
      '2,b@example.org,',
      '3,,030 7654321',
      ',,',
    ]);
    const segment: LakeTable = { ...old, kind: 'segment' };
    const standing = await aPartition(fixture, [
      '1,a@example.org,0049301234567',
      ',b@example.org,',
      '3,,',
    ]);
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
