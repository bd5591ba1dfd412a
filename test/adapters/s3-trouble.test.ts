import { gzipSync } from 'node:zlib';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

type Files = Record<string, string | Buffer>;
type Change = Parameters<typeof aFileSource>[2];

const JSON_LINES: Change = { format: 'jsonLines' };
const PARQUET: Change = { format: 'parquet' };
const HEADER = 'order_id,email,phone\n';
const SUBJECT = { requestId: 'r1', identities: [{ type: 'email', value: CANARY }] };

const lines = (count: number, line: (n: number) => string) =>
  [...Array(count).keys()].map((n) => line(n + 1)).join('');
const csvLine = (n: number) => `${n},p${n}@example.org,030 ${n}\n`;
const jsonLine = (n: number) => `${JSON.stringify({ order_id: n, email: `p${n}@example.org` })}\n`;

/** A whole Parquet file, its rows incompressible so that its middle is data. */
async function aParquet(
  sql = `SELECT range AS order_id, md5(range::VARCHAR) AS email, '' AS phone FROM range(20000)`,
): Promise<Buffer> {
  const { engine, lake } = fixture.context;
  const key = `made-${++partitions}.parquet`;
  await engine.run(`COPY (${sql}) TO '${lake.url(key)}' (FORMAT parquet, COMPRESSION zstd)`);
  return Buffer.from(await lake.head(key, 10_000_000));
}
const damaged = (whole: Buffer, from: number, to: number) => Buffer.from(whole).fill(85, from, to);

async function read(files: Files, change?: Change) {
  const source = await aFileSource(fixture, files, change);
  const prefix = `partitions/orders/c-${++partitions}.1/`;
  const answer = (await s3.ask(source, [SUBJECT])).get('r1');
  const extracted = await s3.extract(source, prefix);
  return { answer, extracted, prefix };
}

async function expectRefused(files: Files, words: RegExp, change?: Change) {
  const { answer, extracted } = await read(files, change);
  expect(answer).toEqual({ answer: 'unreachable', reason: 'unparsableFile' });
  expect(extracted).toMatchObject({
    outcome: 'failed',
    reason: 'unparsableFile',
    cause: expect.stringMatching(words),
  });
  expect(JSON.stringify(extracted)).not.toContain(CANARY);
}

describe('what lies in the bucket beside the files', () => {
  it('is passed over: folder markers, with and without a body, and a finished job’s empty mark', async () => {
    const files = {
      '': '',
      'sub/': 'a body',
      'sub/_SUCCESS': '',
      'a.csv': `${HEADER}1,${CANARY},\n`,
    };
    expect(await read(files)).toMatchObject({
      answer: { answer: 'stillHeld', rows: 1 },
      extracted: { outcome: 'successful', rows: 1 },
    });
    const made = { _SUCCESS: '', 'a.parquet': await aParquet() };
    expect((await read(made, PARQUET)).extracted).toMatchObject({ rows: 20_000 });
  });

  it('is no file, where it is all that there is', async () => {
    const { answer, extracted } = await read({ '': '' });
    expect(answer).toEqual({ answer: 'unreachable', reason: 'tableMissing' });
    expect(extracted).toMatchObject({ cause: expect.stringContaining('There is no file below') });
  });
});

describe('a compressed file', () => {
  const held = { answer: { answer: 'stillHeld', rows: 1 }, extracted: { rows: 2 } };
  const whole = gzipSync(`${HEADER}1,${CANARY},\n2,,\n`);
  const members = [gzipSync(`${HEADER}1,${CANARY},\n`), gzipSync('2,,\n')];
  // Stored and not compressed, so that it breaks off at the end of a line.
  const stored = gzipSync(HEADER + lines(10_000, csvLine), { level: 0 });

  it.each<[string, Files]>([
    ['is unpacked', { 'a.csv.gz': whole }],
    ['is unpacked whatever its name says', { 'a.csv': whole }],
    ['is unpacked to the last of its members', { 'a.csv.gz': Buffer.concat(members) }],
    [
      'that is none, but is called so, is read as it is',
      { 'a.csv.gz': `${HEADER}1,${CANARY},\n2,,\n` },
    ],
  ])('%s', async (_, files) => {
    expect(await read(files)).toMatchObject(held);
  });

  it.each<[string, Files, Change?]>([
    [
      'breaks off at the end of a line',
      { 'a.csv.gz': stored.subarray(0, endOfLine(stored, 150_000)) },
    ],
    ['lacks its last bytes', { 'a.csv.gz': whole.subarray(0, -4) }],
    ['is damaged', { 'a.csv.gz': damaged(gzipSync(HEADER + lines(9000, csvLine)), 9_000, 9_500) }],
    [
      'is none but for its first bytes',
      { 'a.csv.gz': Buffer.from([31, 139, 8, 0, 1, 2, 3, 4, 5]) },
    ],
    ['is none, of JSON lines', { 'a.jsonl.gz': jsonLine(1) }, JSON_LINES],
    [
      'breaks off at the end of a line of JSON',
      { 'a.jsonl.gz': gzipSync(jsonLine(1) + jsonLine(2)).subarray(0, -8) },
      JSON_LINES,
    ],
  ])('that %s is refused, and named', async (_, files, change = {}) => {
    await expectRefused(
      files,
      /The file s3:\/\/shop\/.*a\.(csv|jsonl)\.gz cannot be unpacked/,
      change,
    );
  });
});

/** Where the line ends in which this byte lies. */
function endOfLine(text: Buffer, at: number): number {
  return text.indexOf('\n', at) + 1;
}

describe('a file that is not what its format says', () => {
  const page = `<!DOCTYPE html>\n<html><body>No access for ${CANARY}</body></html>\n`;

  it('is refused when it is a web page', async () => {
    const { extracted } = await read({ 'a.csv': page });
    expect(extracted).toMatchObject({
      reason: 'columnMissing',
      cause: expect.stringMatching(/a\.csv has no column order_id/),
    });
    await expectRefused({ 'a.jsonl': page }, /a\.jsonl, line 1 .*not one JSON object/, JSON_LINES);
    await expectRefused({ 'a.parquet': page }, /a\.parquet is not a Parquet file/, PARQUET);
  });

  it.each([
    ['a list', `[${JSON.stringify({ order_id: 1 })}]\n`],
    ['a number', '5\n'],
    ['two objects', '{"order_id":1} {"order_id":2}\n'],
    ['half an object', '{"order_id":2,"email":"a@exam'],
  ])('is refused when a line of JSON is %s, and the line named', async (_, line) => {
    const words = /a\.jsonl, line 3 .*not one JSON object/;
    await expectRefused({ 'a.jsonl': jsonLine(1) + jsonLine(2) + line }, words, JSON_LINES);
  });

  it('is refused for a quote that is never closed in line 70,000, and the line named', async () => {
    const broken = (n: number) => (n === 69_999 ? `${n},"${CANARY},030\n` : csvLine(n));
    await expectRefused(
      { 'a.csv': HEADER + lines(100_000, broken) },
      /a\.csv, line 70000: a quote/,
    );
  });

  it('is refused for one bad line of JSON among many, and the line named', async () => {
    const broken = (n: number) => (n === 70_000 ? `{"email":${CANARY}}\n` : jsonLine(n));
    const files = { 'a.jsonl': jsonLine(1), 'b.jsonl': lines(100_000, broken) };
    await expectRefused(files, /b\.jsonl, line 70000 .*not one JSON object/, JSON_LINES);
  });

  it('is refused when a CSV file breaks off within a line', async () => {
    await expectRefused({ 'a.csv': `${HEADER}1,a@b.de,\n2,${CANARY}` }, /a\.csv, line 3: too few/);
  });

  it('is refused without the address after which it is named', async () => {
    const files = { [`people/${CANARY}.csv`]: `${HEADER}1,a@b.de,\n2,x` };
    await expectRefused(files, /people\/…@…, line 3: too few/);
  });

  it.each<[string, (whole: Buffer) => Buffer]>([
    ['breaks off', (whole) => whole.subarray(0, 100_000)],
    ['is empty', () => Buffer.alloc(0)],
    ['is damaged in the middle', (whole) => damaged(whole, 9_000, 90_000)],
    ['is damaged in its footer', (whole) => damaged(whole, whole.length - 200, whole.length - 8)],
  ])('is refused when a Parquet file %s, and named', async (_, spoil) => {
    const files = { 'a.parquet': await aParquet(), 'b.parquet': spoil(await aParquet()) };
    await expectRefused(files, /The file \S+b\.parquet is/, PARQUET);
  });
});

describe('files that change between two extractions', () => {
  it('are read anew under the same name, by the same engine', async () => {
    const source = await aFileSource(fixture, { 'a.csv': `${HEADER}1,old,\n` });
    const prefix = 'partitions/orders/again/';
    await s3.extract(source, prefix);
    await fixture.put(SHOP, `${source.source.prefix}a.csv`, `${HEADER}1,new,\n`);
    await s3.extract(source, prefix);
    const rows = await rowsOf(fixture.context, `${prefix}rows.parquet`);
    expect(rows).toMatchObject([{ email: 'new' }]);
  });

  it.each([
    [
      'a column of another name',
      `SELECT 1 AS order_id, 'x' AS mail, '' AS phone`,
      'columnMissing',
      /a\.parquet has no column email/,
    ],
    [
      'a value of another type',
      `SELECT '${CANARY}' AS order_id, 'x' AS email, '' AS phone`,
      'columnTypeChanged',
      /order_id holds a value that is not BIGINT/,
    ],
  ])('are refused for %s', async (_, sql, reason, cause) => {
    const { extracted } = await read({ 'a.parquet': await aParquet(sql) }, PARQUET);
    expect(extracted).toMatchObject({ reason, cause: expect.stringMatching(cause) });
    expect(JSON.stringify(extracted)).not.toContain(CANARY);
  });
});
