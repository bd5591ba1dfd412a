import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { awsClient } from '../../lambdas/adapters/aws-clients.ts';
import { awsFailure } from '../../lambdas/adapters/sources/aws-failure.ts';
import { dynamodb } from '../../lambdas/adapters/sources/dynamodb.ts';
import { s3 } from '../../lambdas/adapters/sources/s3.ts';
import { TRANSIENT } from '../../lambdas/domain/refresh.ts';
import { aFileSource, aTableSource, SHOP } from './a-source.ts';
import { CANARY, type Fixture, rowsOf, startFixture } from './fixture.ts';
import {
  FAILED_JSON,
  THROTTLED_JSON,
  THROTTLED_XML,
  type Trouble,
  type TroubledAws,
  troubledAws,
} from './troubled-aws.ts';

let fixture: Fixture;
let aws: TroubledAws | undefined;
let partitions = 0;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.s3.send(new CreateBucketCommand({ Bucket: SHOP }));
});
afterEach(async () => {
  await aws?.end();
  aws = undefined;
});
afterAll(() => fixture?.stop());

const SUBJECT = { requestId: 'r1', identities: [{ type: 'email', value: CANARY }] };
const failed = (reason: string) => ({
  answer: { answer: 'unreachable', reason },
  extracted: expect.objectContaining({ outcome: 'failed', reason }),
});
const aPrefix = () => `partitions/orders/c-${++partitions}.1/`;

describe('a DynamoDB table', () => {
  const items = [...Array(60).keys()].map((n) => ({ id: `c${n}` }));
  const isScan = (headers: NodeJS.Dict<string | string[]>) =>
    String(headers['x-amz-target']).endsWith('.Scan');
  /** Asked and extracted, while the first scans, so many, meet with trouble. */
  const inTrouble = async (trouble: Trouble, scans = Number.POSITIVE_INFINITY) => {
    const source = await aTableSource(fixture.context, items);
    let left = scans;
    aws = await troubledAws(({ headers }) => (isScan(headers) && left-- > 0 ? trouble : undefined));
    const [answers, extracted] = await Promise.all([
      dynamodb.ask(source, [SUBJECT]),
      dynamodb.extract(source, aPrefix()),
    ]);
    return { answer: answers.get('r1'), extracted };
  };

  it('that is throttled for a while is scanned nevertheless, every item once', async () => {
    expect(await inTrouble(THROTTLED_JSON, 12)).toEqual({
      answer: { answer: 'gone' },
      extracted: expect.objectContaining({ outcome: 'successful', rows: 60 }),
    });
    expect(aws?.troubled).toBe(12);
  });

  it('that stays throttled is left after five attempts a segment, for a later one', async () => {
    expect(await inTrouble(THROTTLED_JSON)).toEqual(failed('throttled'));
    expect(aws?.troubled).toBeLessThanOrEqual(2 * 4 * 5);
    expect(TRANSIENT).toContain('throttled');
  });

  it('that answers with errors of its own is tried again later, too', async () => {
    expect(await inTrouble(FAILED_JSON)).toEqual(failed('connectionFailed'));
  });
});

describe('a bucket', () => {
  const FILE = 'order_id,email,phone\n1,a@example.org,\n';
  const ofFiles = ({ method, url }: { method?: string | undefined; url?: string | undefined }) =>
    method === 'GET' && url?.includes('.csv');

  it('that asks for fewer requests for a while is read nevertheless', async () => {
    const source = await aFileSource(fixture, { 'a.csv': FILE });
    let left = 2;
    aws = await troubledAws((asked) => (ofFiles(asked) && left-- > 0 ? THROTTLED_XML : undefined));
    const extracted = await s3.extract({ ...source, ...aws.context }, aPrefix());
    expect(extracted).toMatchObject({ outcome: 'successful', rows: 1 });
    expect(aws.troubled).toBe(2);
  });

  it.each([
    ['when its headers are read', 0],
    ['when the engine reads', 1],
  ])('that keeps asking for that %s is left for a later attempt', async (_, spared) => {
    const source = await aFileSource(fixture, { 'a.csv': FILE });
    let read = 0;
    aws = await troubledAws((asked) =>
      ofFiles(asked) && ++read > spared ? THROTTLED_XML : undefined,
    );
    const extracted = await s3.extract({ ...source, ...aws.context }, aPrefix());
    expect(extracted).toMatchObject({ outcome: 'failed', reason: 'throttled' });
    expect(aws.troubled).toBeLessThanOrEqual(6);
  });

  it('that falls silent under the engine’s hands has not answered in time', async () => {
    const source = await aFileSource(fixture, { 'a.csv': FILE });
    let read = 0;
    aws = await troubledAws((asked) => (ofFiles(asked) && ++read > 1 ? 'silence' : undefined));
    await aws.context.engine.run('SET http_timeout = 1; SET http_retries = 0');
    const extracted = await s3.extract({ ...source, ...aws.context }, aPrefix());
    expect(extracted).toMatchObject({ outcome: 'failed', reason: 'timedOut' });
  });
});

describe('a file that is replaced while it is read', () => {
  const lines = (header: string, line: (n: number) => string, count: number) =>
    `${header}\n${[...Array(count).keys()].map(line).join('')}`;
  const OLD = lines('order_id,email,phone', (n) => `${n},old,030 ${n}\n`, 100_000);
  const NEW = lines('order_id,phone,email', (n) => `${n},030 ${n},new\n`, 100_000);

  it.each([
    ['between its header and its rows', 'HEAD'],
    ['between two of its parts', 'GET'],
  ])('%s is never read half, but again', async (_, method) => {
    const source = await aFileSource(fixture, { 'a.csv': OLD });
    const key = `${source.source.prefix}a.csv`;
    let replaced = false;
    let gets = 0;
    aws = await troubledAws(async (asked) => {
      if (!asked.url?.includes(key) || replaced) return undefined;
      if (asked.method === 'GET') gets += 1;
      // The first is the header's.
      if (asked.method !== method || (method === 'GET' && gets < 2)) return undefined;
      replaced = true;
      await fixture.put(SHOP, key, NEW);
      return undefined;
    });
    const prefix = aPrefix();
    const context = { ...source, ...aws.context };
    expect(await s3.extract(context, prefix)).toMatchObject({
      outcome: 'failed',
      reason: 'fileReplaced',
      cause: expect.stringContaining(key),
    });
    expect(TRANSIENT).toContain('fileReplaced');
    expect(await s3.extract(context, prefix)).toMatchObject({ rows: 100_000 });
    const rows = await rowsOf(fixture.context, `${prefix}rows.parquet`);
    expect(new Set(rows.map(({ email }) => email))).toEqual(new Set(['new']));
  });
});

describe('a server that accepts and never answers', () => {
  it('is given up after as many attempts as a client makes, in bounded time', async () => {
    aws = await troubledAws(() => 'silence');
    const requestHandler = { ...awsClient.requestHandler, requestTimeout: 200 };
    const client = new DynamoDBClient({ ...awsClient, requestHandler });
    const error = await client.send(new ListTablesCommand({})).catch((thrown: unknown) => thrown);
    expect(awsFailure(error, 'The table')).toMatchObject({ reason: 'timedOut' });
    expect(aws.troubled).toBe(awsClient.maxAttempts);
    client.destroy();
  });

  it('is waited for no longer than the shortest function lives', () => {
    const { connectionTimeout, requestTimeout } = awsClient.requestHandler;
    expect((connectionTimeout + requestTimeout) * awsClient.maxAttempts).toBeLessThan(300_000);
  });
});
