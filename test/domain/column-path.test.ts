import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from '@jest/globals';
import {
  columnSql,
  isUnreadableAt,
  parseColumnPath,
  valuesAt,
} from '../../lambdas/domain/column-path.ts';

const row = {
  email: 'a@example.com',
  number: 7,
  user: { id: 'u1', emails: ['b@example.com', null], nothing: null },
  items: [{ email: 'c@example.com' }, { email: null }],
  none: null,
};
const rowSql = `SELECT 'a@example.com' AS email, 7 AS "number",
  {'id': 'u1', 'emails': ['b@example.com', NULL], 'nothing': NULL::VARCHAR} AS "user",
  [{'email': 'c@example.com'}, {'email': NULL}] AS items, NULL::VARCHAR[] AS none`;

const PATHS: [path: string, values: string[]][] = [
  ['email', ['a@example.com']],
  ['number', ['7']],
  ['user.id', ['u1']],
  ['user.nothing', []],
  ['user.emails[]', ['b@example.com']],
  ['items[].email', ['c@example.com']],
  ['none[]', []],
];

describe('a value of another shape than its path says', () => {
  it.each([
    ['email', { email: ['a@example.com'] }],
    ['email', { email: { work: 'a@example.com' } }],
    ['emails[]', { emails: 'a@example.com' }],
    ['emails[]', { emails: [['a@example.com']] }],
    ['items[].email', { items: ['a@example.com'] }],
    ['items[].email', { items: [{ email: {} }] }],
    ['user.id', { user: 'u1' }],
    ['user.id', { user: [{ id: 'u1' }] }],
  ])('is unreadable at %s: %j', (path, odd) => {
    expect(isUnreadableAt(path, odd)).toBe(true);
  });

  it.each(PATHS)('is not what stands at %s', (path) => {
    expect(isUnreadableAt(path, row)).toBe(false);
    expect(isUnreadableAt(path, {})).toBe(false);
  });
});

describe('a column path', () => {
  it.each(PATHS)('%s reads the same in TypeScript and in DuckDB', async (path, values) => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await connection.runAndReadAll(
      `SELECT list_filter(${columnSql(path)}, lambda v: v IS NOT NULL) FROM (${rowSql})`,
    );
    expect(read.getRowsJson()).toEqual([[values]]);
    expect(valuesAt(path, row)).toEqual(values);
  });

  it.each(['', '.', 'a.', '.a', '[]', 'a[', 'a[]b', 'a[].', 'a[].b[]', 'a[][]', 'a]'])(
    '%j is none',
    (path) => {
      expect(parseColumnPath(path)).toBeUndefined();
    },
  );
});
