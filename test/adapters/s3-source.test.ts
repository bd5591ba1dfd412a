import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findInSource } from '../../lambdas/adapters/lake/find-undeclared.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import { s3 } from '../../lambdas/adapters/sources/s3.ts';
import { aFileSource, SHOP } from './a-source.ts';
import { CANARY, type Fixture, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;
let partitions = 0;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.s3.send(new CreateBucketCommand({ Bucket: SHOP }));
});

afterAll(() => fixture?.stop());

const aSource = (files: Record<string, string | Buffer>, source: Partial<S3Source> = {}) =>
  aFileSource(fixture, files, source);
type S3Source = SourceContext<'s3'>['source'];

const EVENTS: Partial<S3Source> = {
  format: 'jsonLines',
  columns: { id: 'VARCHAR', seen: 'BIGINT', user: 'STRUCT(phone VARCHAR, emails VARCHAR[])' },
  identities: [
    { type: 'email', column: 'user.emails[]' },
    { type: 'phone', column: 'user.phone' },
  ],
};

const SUBJECT = {
  requestId: 'r1',
  identities: [
    { type: 'email', value: CANARY },
    { type: 'phone', value: '+49301234567' },
  ],
};
const ask = async (context: SourceContext<'s3'>) => (await s3.ask(context, [SUBJECT])).get('r1');

describe('asking files', () => {
  it('finds the person in any of several CSV files', async () => {
    const files = {
      'a.csv': `order_id,email,phone\n1,x@example.org,\n2,"${CANARY}",030/1234567\n`,
      'b.csv': 'order_id,email,phone\n3,,+49 30 1234567\n',
    };
    expect(await ask(await aSource(files))).toEqual({ answer: 'stillHeld', rows: 2 });
  });

  it('finds the person in lists of nested JSON lines', async () => {
    const line = (user: object) => `${JSON.stringify({ id: 'e', seen: 1, user })}\n`;
    const files = {
      'a.jsonl':
        line({ emails: ['x@example.org', ` ${CANARY.toUpperCase()}`] }) +
        line({ phone: '0049301234567' }) +
        line({}),
    };
    expect(await ask(await aSource(files, EVENTS))).toMatchObject({ answer: 'stillHeld', rows: 2 });
  });

  it('says what else points at the person in those rows', async () => {
    const files = {
      'a.csv': `order_id,email,phone\n1,${CANARY},030/1234567\n2,x@x.org,030/7654321\n`,
    };
    const context = await aSource(files);
    const asked = { requestId: 'r1', identities: [{ type: 'email', value: CANARY }] };
    expect((await s3.ask(context, [asked])).get('r1')).toEqual({
      answer: 'stillHeld',
      rows: 1,
      linked: [{ type: 'phone', value: '+49301234567' }],
    });
  });

  it('finds the person in text, and links nobody by it', async () => {
    const files = {
      'a.csv': `order_id,email,phone,note\n1,ben@example.org,030 7654321,"For ${CANARY}, not carl@example.org"\n2,,,none\n`,
    };
    const context = await aSource(files, {
      columns: { email: 'VARCHAR', phone: 'VARCHAR', note: 'VARCHAR' },
      identities: [
        { type: 'email', column: 'email' },
        { type: 'phone', column: 'phone' },
        { type: 'email', column: 'note', within: 'text' },
      ],
    });
    const others = ['carl', 'dora'].map((name) => ({
      requestId: name,
      identities: [{ type: 'email', value: `${name}@example.org` }],
    }));
    const answers = await s3.ask(context, [SUBJECT, ...others]);
    expect(Object.fromEntries(answers)).toEqual({
      r1: { answer: 'stillHeld', rows: 1 },
      carl: { answer: 'stillHeld', rows: 1 },
      dora: { answer: 'gone' },
    });
  });

  it.each([
    ['csv', `order_id,email,phone,note\n1,ben@example.org,,"For ${CANARY}"\n`, 'note', false],
    [
      'jsonLines',
      `${JSON.stringify({ order_id: 1, email: CANARY, more: { note: [CANARY] } })}\n{}\n`,
      'more',
      false,
    ],
    ['jsonLines', `${JSON.stringify({ order_id: 1, reply_to: CANARY })}\n`, 'reply_to', true],
  ] as const)(
    'shows a dry run columns of %s that nobody declared',
    async (format, body, column, whole) => {
      const context = await aSource({ a: body }, { format });
      const rules = { isNamedFor: () => false };
      expect(await findInSource(context, rules, [SUBJECT])).toEqual([
        { requestId: 'r1', column, types: ['email'], rows: 1, whole },
      ]);
      expect(await findInSource(context, { ...rules, notPersonal: [column] }, [SUBJECT])).toEqual(
        [],
      );
    },
  );

  it('says gone when no file names the person', async () => {
    const files = { 'a.csv': 'order_id,email,phone\n1,x@example.org,\n' };
    expect(await ask(await aSource(files))).toEqual({ answer: 'gone' });
  });

  it('takes a row whose declared columns are empty for erased', async () => {
    const erasedWhen = { columnsCleared: ['email'] };
    const files = { 'a.csv': 'order_id,email,phone\n1, ,030 1234567\n' };
    expect(await ask(await aSource(files, { erasedWhen }))).toEqual({ answer: 'gone' });
  });

  it('is unreachable without a file, or without the bucket', async () => {
    expect(await ask(await aSource({}))).toEqual({ answer: 'unreachable', reason: 'tableMissing' });
    expect(await ask(await aSource({}, { bucket: 'no-such-bucket' }))).toEqual({
      answer: 'unreachable',
      reason: 'tableMissing',
    });
  });
});

describe('extracting files', () => {
  const extract = async (
    files: Record<string, string | Buffer>,
    source: Partial<S3Source> = {},
  ) => {
    const prefix = `partitions/orders/c-${++partitions}.1/`;
    const extracted = await s3.extract(await aSource(files, source), prefix);
    const rows =
      extracted.outcome === 'successful'
        ? await rowsOf(fixture.context, `${prefix}rows.parquet`)
        : undefined;
    return { extracted, rows };
  };

  it('finds columns by the names in each header, and ignores undeclared ones', async () => {
    const { rows } = await extract({
      'a.csv': '\ufefforder_id,email,phone\r\n1,a@example.org,"0,1"\r\n',
      'b [1].csv': 'phone,note,email,order_id\n2,"two\nlines",b@example.org,7\n',
    });
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        { order_id: 1n, email: 'a@example.org', phone: '0,1' },
        { order_id: 7n, email: 'b@example.org', phone: '2' },
      ]),
    );
  });

  it('keeps nested columns of JSON lines, and gives null for what a line lacks', async () => {
    const body = '{"id":1,"user":{"emails":["a@example.org"]}}\n{"seen":"5","other":true}\n';
    const { rows } = await extract({ 'a.jsonl': body }, EVENTS);
    expect(rows).toEqual(
      expect.arrayContaining([
        { id: '1', seen: null, user: { phone: null, emails: ['a@example.org'] } },
        { id: null, seen: 5n, user: null },
      ]),
    );
  });

  it('reads Parquet files, and casts their columns', async () => {
    const { engine, lake } = fixture.context;
    await engine.run(
      `COPY (SELECT 1 AS order_id, 'a@example.org' AS email, 49301 AS phone) TO '${lake.url('made.parquet')}'`,
    );
    const made = Buffer.from(await lake.head('made.parquet', 100_000));
    const { rows } = await extract({ 'a.parquet': made }, { format: 'parquet' });
    expect(rows).toEqual([{ order_id: 1n, email: 'a@example.org', phone: '49301' }]);
  });

  it('writes the schema when the files hold no row', async () => {
    const { extracted, rows } = await extract({ 'a.csv': 'order_id,email,phone\n', 'b.csv': '' });
    expect(extracted).toMatchObject({ outcome: 'successful', rows: 0 });
    expect(rows).toEqual([]);
  });

  const secret = CANARY;
  it.each<[string, Record<string, string>, Partial<S3Source>, string, RegExp]>([
    [
      'a header without a declared column',
      { 'a.csv': 'order_id,phone\n1,2\n' },
      {},
      'columnMissing',
      /a\.csv has no column email/,
    ],
    [
      'a quote that is never closed',
      { 'a.csv': `order_id,email,phone\n1,a@b.de,\n2,"${secret},3\n` },
      {},
      'unparsableFile',
      /a\.csv, line 3: a quote/,
    ],
    [
      'a row with too many columns',
      { 'a.csv': `order_id,email,phone\n1,${secret},3,4\n` },
      {},
      'unparsableFile',
      /a\.csv, line 2: too few or too many columns/,
    ],
    [
      'a value that is no number',
      { 'a.csv': `order_id,email,phone\n${secret},2,3\n` },
      {},
      'columnTypeChanged',
      /order_id holds a value that is not BIGINT.*a\.csv, line 2/,
    ],
    [
      'a line that is no JSON',
      { 'a.jsonl': `{"id":1}\n{"id":${secret}}\n{"id":3}\n` },
      EVENTS,
      'unparsableFile',
      /a\.jsonl, line 2/,
    ],
    [
      'a JSON field that is no number',
      { 'a.jsonl': `{"id":1}\n{"seen":"${secret}"}\n` },
      EVENTS,
      'columnTypeChanged',
      /seen holds a value that is not BIGINT.*a\.jsonl, line 2/,
    ],
    [
      'a JSON field that is no object',
      { 'a.jsonl': `{"id":1}\n{"user":"${secret}"}\n` },
      EVENTS,
      'columnTypeChanged',
      /user holds a value/,
    ],
    [
      'a Parquet file that is none',
      { 'a.parquet': `${secret} and some more text` },
      { format: 'parquet' },
      'unparsableFile',
      /a\.parquet is not a Parquet file/,
    ],
  ])('refuses %s, and says where', async (_, files, source, reason, cause) => {
    const { extracted } = await extract(files, source);
    expect(extracted).toMatchObject({
      outcome: 'failed',
      reason,
      cause: expect.stringMatching(cause),
    });
    expect(JSON.stringify(extracted)).not.toContain(secret);
  });
});
