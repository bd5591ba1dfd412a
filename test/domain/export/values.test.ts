import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ExportColumn } from '../../../lambdas/domain/export/columns.ts';
import { tableSchema } from '../../../lambdas/domain/export/json-schema.ts';
import { cellSql, rowJsonSql } from '../../../lambdas/domain/export/values-sql.ts';

const VALUES = {
  yes: 'true',
  large: '9223372036854775807::BIGINT',
  huge: '170141183460469231731687303715884105727::HUGEINT',
  amount: '1234567890.10::DECIMAL(12,2)',
  half: '0.5::DOUBLE',
  endless: "'infinity'::DOUBLE",
  none: "'nan'::FLOAT",
  day: "DATE '1990-05-01'",
  at: "TIMESTAMP '2026-11-23 14:05:06.5'",
  moment: "TIMESTAMPTZ '2026-11-23 14:05:06+01'",
  clock: "TIME '14:05:06'",
  bytes: "'\\xDE\\xAD'::BLOB",
  kept: `'{"a": [1, null]}'::JSON`,
  kind: "'gold'::ENUM('gold', 'silver')",
  map: "MAP {'a': 1}",
  note: `'He said "=1+1", \n then <b>left</b>'`,
  "it's": "'quoted'",
  user: "{'id': 7, 'emails': ['a@example.org', NULL], 'since': TIMESTAMP '2026-01-01 00:00:00'}",
  lists: '[[1, 2], NULL, []]',
  people: "[{'day': DATE '2000-01-01', 'raw': '\\x00'::BLOB}]",
};

let columns: ExportColumn[];
let rows: Record<string, unknown>[];
let texts: string[];
let cells: Record<string, unknown>;

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
  const name = (text: string) => `"${text}"`;
  const filled = Object.entries(VALUES).map(([column, value]) => `${value} AS ${name(column)}`);
  await connection.run(`CREATE TABLE of_all AS SELECT ${filled.join(', ')}`);
  await connection.run('INSERT INTO of_all (note) VALUES (NULL)');
  const described = await connection.runAndReadAll('DESCRIBE of_all');
  columns = described.getRowObjects().map(({ column_name, column_type }) => ({
    name: String(column_name),
    type: String(column_type),
  }));
  const at = (place: number) => name(columns[place]?.name ?? '');
  const read = await connection.runAndReadAll(`SELECT ${rowJsonSql(columns, at)} FROM of_all`);
  texts = read.getRows().map(([text]) => String(text));
  rows = texts.map((text) => JSON.parse(text));
  const asCells = columns.map((column, place) => `${cellSql(at(place), column)} AS ${at(place)}`);
  const written = await connection.runAndReadAll(`SELECT ${asCells.join(', ')} FROM of_all`);
  cells = written.getRowObjects()[0] ?? {};
});

describe('values in a package', () => {
  it('keep to the schema of their table', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const validate = ajv.compile(tableSchema('Everything', columns));
    validate(rows);
    expect(validate.errors).toBeNull();
    expect(validate([{ ...rows[0], day: 'soon' }])).toBe(false);
    expect(validate([{ ...rows[0], extra: 1 }])).toBe(false);
  });

  it('are JSON as it is meant', () => {
    expect(rows[0]).toMatchObject({
      yes: true,
      half: 0.5,
      endless: null,
      none: null,
      day: '1990-05-01',
      at: '2026-11-23T14:05:06.5',
      moment: '2026-11-23T13:05:06Z',
      clock: '14:05:06',
      bytes: '3q0=',
      kept: { a: [1, null] },
      kind: 'gold',
      map: { a: 1 },
      note: 'He said "=1+1", \n then <b>left</b>',
      "it's": 'quoted',
      user: { id: 7, emails: ['a@example.org', null], since: '2026-01-01T00:00:00' },
      lists: [[1, 2], null, []],
      people: [{ day: '2000-01-01', raw: 'AA==' }],
    });
  });

  it('keep every digit', () => {
    expect(texts[0]).toContain('"large":9223372036854775807,');
    expect(texts[0]).toContain('"huge":170141183460469231731687303715884105727,');
    expect(texts[0]).toContain('"amount":1234567890.1,');
  });

  it('are null where there is nothing, and stand in every row', () => {
    expect(Object.keys(rows[1] ?? {})).toEqual(columns.map(({ name }) => name));
    expect(new Set(Object.values(rows[1] ?? {}))).toEqual(new Set([null]));
  });

  it('are one text in a cell, what is nested as JSON', () => {
    expect(cells).toMatchObject({
      yes: 'true',
      huge: '170141183460469231731687303715884105727',
      amount: '1234567890.10',
      day: '1990-05-01',
      at: '2026-11-23 14:05:06.5',
      bytes: '3q0=',
      kept: '{"a":[1,null]}',
      user: '{"id":7,"emails":["a@example.org",null],"since":"2026-01-01T00:00:00"}',
      lists: '[[1,2],null,[]]',
    });
  });
});
