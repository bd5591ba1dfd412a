import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findInSource } from '../../lambdas/adapters/lake/find-undeclared.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import { dynamodb } from '../../lambdas/adapters/sources/dynamodb.ts';
import { aTableSource, type Item } from './a-source.ts';
import { CANARY, type Fixture, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture?.stop());

const aSource = (items: Item[], source: Partial<SourceContext<'dynamodb'>['source']> = {}) =>
  aTableSource(fixture.context, items, source);

const SUBJECT = {
  requestId: 'r1',
  identities: [
    { type: 'email', value: CANARY },
    { type: 'phone', value: '+49301234567' },
  ],
};
const ask = async (context: SourceContext<'dynamodb'>) =>
  (await dynamodb.ask(context, [SUBJECT])).get('r1');

describe('asking a DynamoDB table', () => {
  it('finds the person in nested lists and under any spelling', async () => {
    const context = await aSource([
      {
        id: '1',
        contact: { emails: ['x@example.org', CANARY.toUpperCase()], phone: '030 1234567' },
      },
      { id: '2', contact: { phone: '0049 30 1234567' } },
      { id: '3' },
    ]);
    expect(await ask(context)).toMatchObject({ answer: 'stillHeld', rows: 2 });
  });

  it('finds the person in text of any shape, and links nobody by it', async () => {
    const items = [
      { id: 'x1', note: `For ${CANARY}` },
      { id: 'x2', note: ['nobody', { of: `<${CANARY}>` }] },
      { id: 'x3', note: `x${CANARY}` },
    ];
    const context = await aSource(items, {
      columns: { id: 'VARCHAR', note: 'VARCHAR' },
      identities: [
        { type: 'customer_id', column: 'id' },
        { type: 'email', column: 'note', within: 'text' },
      ],
    });
    expect(await ask(context)).toEqual({ answer: 'stillHeld', rows: 2 });
  });

  it('shows a dry run attributes that nobody declared', async () => {
    const items = [
      { id: 'x1', contact: { emails: [CANARY] }, log: { by: [`ask ${CANARY}`] } },
      { id: 'x2', reply_to: CANARY },
    ];
    const found = await findInSource(await aSource(items), { isNamedFor: () => false }, [SUBJECT]);
    expect(found).toHaveLength(2);
    const of = { requestId: 'r1', types: ['email'], rows: 1 };
    expect(found).toContainEqual({ ...of, column: 'log', whole: false });
    expect(found).toContainEqual({ ...of, column: 'reply_to', whole: true });
  });

  it('says gone when nobody of that name is there', async () => {
    expect(await ask(await aSource([{ id: '1' }]))).toEqual({ answer: 'gone' });
  });

  it('cannot tell while something of another shape stands where a type is declared', async () => {
    const odd = { id: '1', contact: { emails: CANARY } };
    expect(await ask(await aSource([odd]))).toEqual({ answer: 'cannotTell', types: ['email'] });
  });

  it('takes an item whose declared attributes are empty for erased', async () => {
    const context = await aSource([{ id: 'c7', contact: {} }], {
      erasedWhen: { columnsCleared: ['contact'] },
    });
    const subject = { requestId: 'r1', identities: [{ type: 'customer_id', value: 'c7' }] };
    expect((await dynamodb.ask(context, [subject])).get('r1')).toEqual({ answer: 'gone' });
  });

  it('is unreachable when there is no such table', async () => {
    const context = await aSource([], { table: 'no-such-table' });
    expect(await ask(context)).toEqual({ answer: 'unreachable', reason: 'tableMissing' });
  });
});

describe('extracting a DynamoDB table', () => {
  it('writes every item once, with the declared columns and types', async () => {
    const many = [...Array(100).keys()].map((n) => ({
      id: `c${n}`,
      points: n,
      secret: 'undeclared',
    }));
    const context = await aSource([
      ...many,
      { id: 'big', points: 9007199254740993n, contact: { emails: ['a@example.org'] } },
    ]);
    const extracted = await dynamodb.extract(context, 'partitions/loyalty/c-1.1/');
    expect(extracted).toMatchObject({ outcome: 'successful', rows: 101 });
    const rows = await rowsOf(fixture.context, 'partitions/loyalty/c-1.1/rows.parquet');
    expect(new Set(rows.map(({ id }) => id)).size).toBe(101);
    expect(rows.find(({ id }) => id === 'big')).toEqual({
      id: 'big',
      points: 9007199254740993n,
      contact: { emails: ['a@example.org'], phone: null },
    });
  });

  it('writes the schema of a table without items', async () => {
    const extracted = await dynamodb.extract(await aSource([]), 'partitions/loyalty/c-2.1/');
    expect(extracted).toMatchObject({ outcome: 'successful', rows: 0 });
    expect(await rowsOf(fixture.context, 'partitions/loyalty/c-2.1/rows.parquet')).toEqual([]);
  });

  it('names the column whose values do not fit, without the value', async () => {
    const context = await aSource([{ id: '1', points: CANARY }]);
    const extracted = await dynamodb.extract(context, 'partitions/loyalty/c-3.1/');
    expect(extracted).toMatchObject({
      reason: 'columnTypeChanged',
      cause: expect.stringContaining('points'),
    });
    expect(JSON.stringify(extracted)).not.toContain(CANARY);
  });
});
