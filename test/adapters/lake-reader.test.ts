import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alikeTables } from '../../lambdas/adapters/lake/alike-tables.ts';
import { lakeReader } from '../../lambdas/adapters/lake/lake-reader.ts';
import type { LakeTable } from '../../lambdas/adapters/lake/lake-table.ts';
import { resolveIdentities } from '../../lambdas/domain/resolve-identities.ts';
import { aPartition, customer, EMAIL, IDENTITIES, PHONE } from './a-partition.ts';
import { CANARY, type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture?.stop());

describe('reading the lake for a resolution', () => {
  it('counts thousands beside a placeholder, and lists twenty', async () => {
    const placeholders = [...Array(3000).keys()].map((n) => `c${n},None@example.com,`);
    const older = await aPartition(fixture, ['c0,none@example.com,', 'other,none@example.com,'], {
      personKey: 'customer_id',
    });
    const table = await aPartition(fixture, placeholders, { personKey: 'customer_id' });
    const [beside] = await lakeReader(fixture.context, [table, older]).peopleBeside([
      { type: 'email', value: 'none@example.com' },
    ]);
    expect(beside).toMatchObject({ table: 'crm', count: 3001 });
    expect(beside?.people).toHaveLength(20);
  });

  it('takes people of a source that declared another key since for others, in either order', async () => {
    const phone = '030 1234567';
    const before = await aPartition(fixture, [`1,,${phone}`, `2,,${phone}`], {
      personKey: 'customer_id',
    });
    const since = await aPartition(fixture, [`3,a@example.org,${phone}`], { personKey: 'email' });
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
    const table = await aPartition(fixture, rows, { personKey: 'customer_id' });
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
    const table = await aPartition(fixture, [`c1,,(030) 123-4567`, 'c2,,030 7654321']);
    const [held] = await lakeReader(fixture.context, [table]).rowsHolding([PHONE]);
    expect(held?.identities).toEqual(expect.arrayContaining([customer('c1'), PHONE]));
  });

  it('tells who is meant from rows that only look so: a key of nothing, an unreadable phone', async () => {
    const others = Array.from({ length: 200 }, (_, n) => `c${n},,00000`);
    const table = await aPartition(fixture, [...others, 'ivan,ivan@пример.рф,+49 30 1200000']);
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
      tables.push(await aPartition(fixture, links.map(line), { name: `part${part}` }));
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
    const table = await aPartition(
      fixture,
      numbers.map((n) => `c${n},p${n}@example.org,`),
    );
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
