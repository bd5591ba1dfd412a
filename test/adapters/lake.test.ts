import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildTable } from '../../lambdas/adapters/lake/build-table.ts';
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
import { aPartition, customer, EMAIL, IDENTITIES, PHONE } from './a-partition.ts';
import { CANARY, type Fixture, LAKE, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture?.stop());

describe('ingesting', () => {
  it('keeps beside the rows what SQL cannot normalise, once for each spelling', async () => {
    const { prefix } = await aPartition(fixture, [
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
    const { prefix } = await aPartition(fixture, ['1,,']);
    expect(await rowsOf(fixture.context, `${prefix}normalised.parquet`)).toEqual([]);
  });
});

describe('proving', () => {
  it('counts each row once for all subjects, and by type', async () => {
    const table = await aPartition(fixture, [
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
    const table = await aPartition(fixture, ['1,,', '2,x@example.org,']);
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
    const kept = {
      old: table,
      standing: [await aPartition(fixture, ['2,,'])],
      prefix: 'models/kept/',
    };
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
      await aPartition(fixture, ['1,,', `2,${CANARY},`]),
      await aPartition(fixture, ['1,,', '1,,', '3,,030/1234567']),
      { ...(await aPartition(fixture, [`write to ${CANARY},,`, '2,,'])), identities: noted },
      {
        ...(await aPartition(fixture, ['9,,', `see ${CANARY},,`, `see ${CANARY},,`])),
        identities: noted,
      },
      {
        ...(await aPartition(fixture, ['1,,', `1,${CANARY},`])),
        clearedColumns: ['email', 'phone'],
      },
      await aPartition(fixture, ['4,,']),
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
