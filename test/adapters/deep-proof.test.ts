import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findUndeclared } from '../../lambdas/adapters/lake/find-undeclared.ts';
import { lakeReader } from '../../lambdas/adapters/lake/lake-reader.ts';
import { type LakeTable, rowsSql } from '../../lambdas/adapters/lake/lake-table.ts';
import { findSubjects } from '../../lambdas/adapters/lake/prove.ts';
import type { IdentityColumn } from '../../lambdas/domain/identity.ts';
import { resolveIdentities } from '../../lambdas/domain/resolve-identities.ts';
import { CANARY, type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
let made = 0;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture?.stop());

const EMAIL = { type: 'email', value: CANARY };
const PHONE = { type: 'phone', value: '+49301234567' };
const ID = { type: 'customer_id', value: 'C-17' };
const SHORT_ID = { type: 'customer_id', value: '17' };

const isNamedFor = (type: string, column: string) => column.replaceAll('[]', '') === type;
const plain: IdentityColumn[] = [
  { type: 'customer_id', column: 'customer_id' },
  { type: 'email', column: 'email' },
];

/** A table of what a SELECT gives. */
async function aTable(select: string, identities = plain): Promise<LakeTable> {
  const { engine, lake } = fixture.context;
  const prefix = `snapshots/c-1/models/deep${++made}/`;
  await engine.run(`COPY (${select}) TO '${lake.url(`${prefix}rows.parquet`)}' (FORMAT parquet)`);
  return { kind: 'partition', name: 'reviews', prefix, identities };
}

interface Asked {
  identities?: { type: string; value: string }[];
  notPersonal?: string[];
}

/** What a deep search finds of one person. */
async function deep(table: LakeTable, { identities = [EMAIL, PHONE, ID], ...rest }: Asked = {}) {
  const relation = `(${rowsSql(fixture.context.lake, table)})`;
  const search = { relation, identities: table.identities, isNamedFor, ...rest };
  const hits = await findUndeclared(fixture.context, search, [{ requestId: 'r', identities }]);
  return Object.fromEntries(
    hits.map(({ column, rows, types, whole }) => [column, { rows, types, whole }]),
  );
}

describe('a deep search', () => {
  it('finds a person in columns that nobody declared, and counts rows', async () => {
    const table = await aTable(`SELECT * FROM (VALUES
      ('B-1', 'ben@example.org', 'Ask ${CANARY} or ring 030 / 123 45 67.', '${CANARY.toUpperCase()}'),
      ('B-2', 'ben@example.org', 'for C-17', NULL),
      ('B-3', 'ben@example.org', 'for C-170', 'x@example.org')
    ) AS rows (customer_id, email, note, reply_to)`);
    expect(await deep(table)).toEqual({
      note: { rows: 2, types: ['customer_id', 'email', 'phone'], whole: false },
      reply_to: { rows: 1, types: ['email'], whole: true },
    });
  });

  it('leaves to the search of declared columns what it finds, and sees what it does not', async () => {
    const table = await aTable(
      `SELECT 'C-17' AS customer_id, '<${CANARY}>.' AS email
       UNION ALL SELECT 'B-1', 'ben@example.org, ${CANARY}'`,
    );
    expect(await deep(table)).toEqual({ email: { rows: 1, types: ['email'], whole: false } });
  });

  it('finds the second of two phones in a column that is declared to hold one', async () => {
    const phones: IdentityColumn[] = [{ type: 'phone', column: 'phone' }];
    const table = await aTable(
      `SELECT unnest(['0171 1234567 / 030 1234567', '0171 7654321 030 1234567', '030 1234567']) AS phone`,
      phones,
    );
    expect(await deep(table)).toEqual({ phone: { rows: 2, types: ['phone'], whole: false } });
  });

  it('looks into nested columns, and names the field', async () => {
    const table = await aTable(
      `SELECT {'id': 'C-17', 'contact': {'mail': '${CANARY}', 'age': 7}} AS "user",
         ['x', '${CANARY}'] AS tags, [{'note': 'see C-17'}, {'note': NULL}] AS items,
         MAP {'to': '${CANARY}'} AS headers, [['030 1234567']] AS grid,
         CAST('{"a": {"b": "${CANARY}"}}' AS JSON) AS payload, 49301234567 AS called,
         493012345670::DOUBLE / 10 AS dialled, DATE '2026-01-01' AS day`,
      [{ type: 'customer_id', column: 'user.id' }],
    );
    expect(await deep(table)).toEqual({
      'user.contact.mail': { rows: 1, types: ['email'], whole: true },
      'tags[]': { rows: 1, types: ['email'], whole: true },
      'items[].note': { rows: 1, types: ['customer_id'], whole: false },
      headers: { rows: 1, types: ['email'], whole: false },
      'grid[]': { rows: 1, types: ['phone'], whole: true },
      payload: { rows: 1, types: ['email'], whole: false },
      called: { rows: 1, types: ['phone'], whole: true },
      dialled: { rows: 1, types: ['phone'], whole: true },
    });
  });

  it('looks for a short id only as the whole value of a column that is named for it', async () => {
    const table = await aTable(
      `SELECT 17 AS quantity, '17' AS room, 'C 17' AS note, [4, 17] AS customer_id`,
      [],
    );
    expect(await deep(table, { identities: [SHORT_ID] })).toEqual({
      'customer_id[]': { rows: 1, types: ['customer_id'], whole: true },
    });
  });

  it('reads no column that is declared as none of this', async () => {
    const table = await aTable(
      `SELECT '${CANARY}' AS support, {'mail': '${CANARY}'} AS office, '${CANARY}' AS other`,
    );
    const found = await deep(table, { notPersonal: ['support', 'office'] });
    expect(Object.keys(found)).toEqual(['other']);
  });

  it('finds what was left in a row that was anonymised', async () => {
    const table = await aTable(
      `SELECT 'C-17' AS customer_id, NULL AS email, 'by ${CANARY}' AS log`,
    );
    const cleared = { ...table, clearedColumns: ['email'] };
    expect(Object.keys(await deep(cleared))).toEqual(['log']);
  });

  it('tells a thousand people apart in one pass', async () => {
    const table = await aTable(
      `SELECT 'B' AS customer_id, NULL AS email, 'Dear p' || (i % 2000) || '@example.org, of K-' || i AS note
       FROM range(4000) rows (i)`,
    );
    const subjects = [...Array(1000).keys()].map((n) => ({
      requestId: `r${n}`,
      identities: [
        { type: 'email', value: `p${n}@example.org` },
        { type: 'customer_id', value: `K-${n + 5000}` },
      ],
    }));
    const relation = `(${rowsSql(fixture.context.lake, table)})`;
    const hits = await findUndeclared(
      fixture.context,
      { relation, identities: plain, isNamedFor },
      subjects,
    );
    expect(hits).toHaveLength(1000);
    expect(hits.every(({ rows, types }) => rows === 2 && types.join() === 'email')).toBe(true);
  });

  it('finds a person planted anywhere, and nobody who only looks alike', async () => {
    const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
    const shapes: Record<string, (text: string) => string> = {
      text: (text) => quoted(text),
      'inner.deep': (text) => `{'inner': {'deep': ${quoted(text)}, 'other': 1}}.inner`,
      list: (text) => `['first', ${quoted(text)}]`,
      items: (text) => `[{'note': 'x', 'n': 1}, {'note': ${quoted(text)}, 'n': 2}]`,
      map: (text) => `MAP {'a': 'b', 'k': ${quoted(text)}}`,
      json: (text) => `CAST(${quoted(JSON.stringify({ deep: [{ text }] }))} AS JSON)`,
      blob: (text) => `encode(${quoted(text)})`,
    };
    const planted = fc.constantFrom(
      CANARY,
      'Canary.Person@Example.org',
      'canary.person%40example.org',
      '+49 (0) 30 123 45 67',
      '030/1234567',
      'C-17',
    );
    const alike = fc.constantFrom(
      `x${CANARY}`,
      `${CANARY}.uk`,
      '+43 30 1234567',
      '030 12345678',
      'C-171',
      'AC-17',
    );
    const before = fc.constantFrom('', ' ', 'see "', '; ', "it's (", ', ');
    const after = fc.constantFrom('', ' ', '" says', '; ', ") it's", ', ');
    const samples = fc.sample(
      fc.tuple(fc.constantFrom(...Object.keys(shapes)), planted, alike, before, after),
      60,
    );
    for (const [shape, present, absent, left, right] of samples) {
      const column = shapes[shape] ?? quoted;
      const table = await aTable(
        `SELECT ${column(`${left}${present}${right}`)} AS held UNION ALL BY NAME SELECT ${column(`${left}${absent}${right}`)} AS held`,
        [],
      );
      const found = Object.values(await deep(table));
      expect([shape, present, found.map(({ rows }) => rows)]).toEqual([shape, present, [1]]);
    }
  });
});

describe('a column that is declared to hold text', () => {
  const declared: IdentityColumn[] = [...plain, { type: 'email', column: 'note', within: 'text' }];
  const reviews = `SELECT * FROM (VALUES
    ('B-1', 'ben@example.org', 'Ask ${CANARY}, or carl@example.org.'),
    ('C-17', '${CANARY}', 'I am ${CANARY}; ring 030 1234567'),
    ('D-1', 'dora@example.org', 'nobody')
  ) AS rows (customer_id, email, note)`;

  it('is searched by the proof, and is no news to the deep search', async () => {
    const table = await aTable(reviews, declared);
    const subjects = [{ requestId: 'r', identities: [EMAIL] }];
    const { hits } = await findSubjects(fixture.context, table, subjects);
    expect(hits).toEqual([{ requestId: 'r', rows: 3, byType: { email: 3 } }]);
    expect(await deep(table)).toEqual({ note: { rows: 1, types: ['phone'], whole: false } });
  });

  it('links nobody: who is named in a comment is not who wrote it', async () => {
    const table = await aTable(reviews, declared);
    const { identityTypes } = fixture.context;
    const reader = lakeReader(fixture.context, [{ ...table, personKey: 'customer_id' }]);
    const { unique, ambiguities, rows } = await resolveIdentities([EMAIL], identityTypes, reader, {
      bound: 100,
    });
    expect(unique).toEqual([ID, EMAIL]);
    expect(ambiguities).toEqual([]);
    expect(rows).toEqual({ reviews: 3 });
  });
});
