import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PostgresServer, startPostgres } from '../../infra/local/postgres.ts';
import { dynamodb } from '../../lambdas/adapters/sources/dynamodb.ts';
import { postgres } from '../../lambdas/adapters/sources/postgres.ts';
import { s3 } from '../../lambdas/adapters/sources/s3.ts';
import { aDatabaseSource, credentialsOf, keepSecret, readingNow, runSql } from './a-database.ts';
import { aFileSource, aTableSource, SHOP } from './a-source.ts';
import { CANARY, type Fixture, rowsOf, startFixture } from './fixture.ts';
import { type TroubledAws, troubledAws } from './troubled-aws.ts';

let fixture: Fixture;
let server: PostgresServer;
let aws: TroubledAws | undefined;
let partitions = 0;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.s3.send(new CreateBucketCommand({ Bucket: SHOP }));
  server = await startPostgres(fixture);
  await keepSecret('crm', credentialsOf(server));
});
afterEach(async () => {
  await aws?.end();
  aws = undefined;
});
afterAll(() => fixture?.stop());

const SUBJECT = { requestId: 'r1', identities: [{ type: 'email', value: CANARY }] };
const aPrefix = () => `partitions/taken-back/c-${++partitions}.1/`;

/** How many rows of a partition are the person's, and how many are not. */
async function held(prefix: string): Promise<{ hers: number; others: number } | undefined> {
  const { engine, lake } = fixture.context;
  const [counted] = await engine.rows<{ hers: number; others: number }>(
    `SELECT count(*) FILTER (email = '${CANARY}')::DOUBLE AS hers, count(*) - hers AS others
     FROM '${lake.url(`${prefix}rows.parquet`)}'`,
  );
  return counted;
}

describe('a table that takes the person back while it is read', () => {
  const ROWS = 300_000;
  const HERS = ROWS / 10;

  it('is extracted as of one moment, and asked about her the next time', async () => {
    await runSql(
      server,
      `CREATE TABLE customers (customer_id int, email text);
       INSERT INTO customers SELECT n, repeat(md5(n::text), 4) FROM generate_series(1, ${ROWS}) n`,
    );
    const source = aDatabaseSource(fixture.context);
    expect((await postgres.ask(source, [SUBJECT])).get('r1')).toEqual({ answer: 'gone' });
    const prefix = aPrefix();
    const extracting = postgres.extract(source, prefix);
    await readingNow(server);
    // Some of her rows are new; others lie again where they were.
    await runSql(
      server,
      `BEGIN;
       INSERT INTO customers VALUES (0, '${CANARY}');
       UPDATE customers SET email = '${CANARY}' WHERE customer_id % 10 = 1;
       COMMIT`,
    );
    const asOf = {
      before: { hers: 0, others: ROWS },
      after: { hers: HERS + 1, others: ROWS - HERS },
    };
    expect(await extracting).toMatchObject({ outcome: 'successful' });
    expect([asOf.before, asOf.after]).toContainEqual(await held(prefix));
    expect((await postgres.ask(source, [SUBJECT])).get('r1')).toEqual({
      answer: 'stillHeld',
      rows: HERS + 1,
    });
  });
});

describe('a file that takes the person back while it is read', () => {
  const ROWS = 100_000;
  const file = (email: string) =>
    `order_id,email,phone\n${[...Array(ROWS).keys()].map((n) => `${n},${email},\n`).join('')}`;

  it.each([
    ['between its header and its rows', 'HEAD', 1],
    // The first is the header's.
    ['between two of its parts', 'GET', 2],
    ['after the last of them', 'LIST', 2],
  ] as const)('%s is never read half, nor taken for what it was', async (_, kind, nth) => {
    const source = await aFileSource(fixture, { 'a.csv': file('another@example.org') });
    const { prefix: folder } = source.source;
    /** The file holds the person from so many requests of that kind on. */
    const whileReading = async () => {
      await aws?.end();
      await fixture.put(SHOP, `${folder}a.csv`, file('another@example.org'));
      let met = 0;
      aws = await troubledAws(async ({ method, url = '' }) => {
        const asked = url.includes('list-type') ? 'LIST' : method;
        const ofFile = url.includes(encodeURIComponent(folder)) || url.includes(`${folder}a.csv`);
        if (ofFile && asked === kind && ++met === nth)
          await fixture.put(SHOP, `${folder}a.csv`, file(CANARY));
        return undefined;
      });
      return { ...source, ...aws.context };
    };

    const asked = await s3.ask(await whileReading(), [SUBJECT]);
    expect(asked.get('r1')).toEqual({ answer: 'unreachable', reason: 'fileReplaced' });
    expect((await s3.ask(source, [SUBJECT])).get('r1')).toEqual({
      answer: 'stillHeld',
      rows: ROWS,
    });

    const context = await whileReading();
    const prefix = aPrefix();
    expect(await s3.extract(context, prefix)).toMatchObject({ reason: 'fileReplaced' });
    expect(await s3.extract(context, prefix)).toMatchObject({ outcome: 'successful', rows: ROWS });
    expect(await held(prefix)).toEqual({ hers: ROWS, others: 0 });
  });
});

describe('a table of items that takes the person back while it is scanned', () => {
  const OTHERS = 60;
  const items = [...Array(OTHERS).keys()].map((n) => ({ id: `c${n}`, contact: { emails: [] } }));
  const back = { id: 'back', contact: { emails: [CANARY] } };

  /** Goes past the proxy. */
  let behind: DynamoDBDocumentClient;
  beforeAll(() => {
    const { AWS_ENDPOINT_URL: endpoint = '' } = process.env;
    behind = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }));
  });
  afterAll(() => behind.destroy());

  type Source = Awaited<ReturnType<typeof aTableSource>>;

  async function through(source: Source, met: Parameters<typeof troubledAws>[0]): Promise<Source> {
    await aws?.end();
    aws = await troubledAws(met);
    return { ...source, ...aws.context };
  }
  const inPeace = (source: Source) => through(source, () => undefined);

  /** She is there from the nth request of a scan on: those of its segments are under way at once. */
  async function whileScanned(source: Source, nth: number): Promise<Source> {
    const { table } = source.source;
    await behind.send(new DeleteCommand({ TableName: table, Key: { id: back.id } }));
    let met = 0;
    return through(source, async ({ headers }) => {
      if (String(headers['x-amz-target']).endsWith('.Scan') && ++met === nth)
        await behind.send(new PutCommand({ TableName: table, Item: back }));
      return undefined;
    });
  }

  /** `hers` of a partition, and everybody else once. */
  async function hersIn(source: Source, prefix: string): Promise<number> {
    const ids = (await rowsOf(source, `${prefix}rows.parquet`)).map(({ id }) => String(id));
    expect(new Set(ids).size).toBe(ids.length);
    const others = ids.filter((id) => id !== back.id);
    expect(others).toHaveLength(OTHERS);
    return ids.length - others.length;
  }

  // A scan is of no one moment: whoever is put behind it is seen by the next.
  it.each([1, 2, 3, 4])(
    'in its request %i is seen or not, loses nobody else, and is seen the next time',
    async (nth) => {
      const source = await aTableSource(fixture.context, items);
      const seen = (await dynamodb.ask(await whileScanned(source, nth), [SUBJECT])).get('r1');
      expect(['gone', 'stillHeld']).toContain(seen?.answer);
      expect((await dynamodb.ask(await inPeace(source), [SUBJECT])).get('r1')).toMatchObject({
        ...{ answer: 'stillHeld', rows: 1 },
      });

      const [during, after] = [aPrefix(), aPrefix()];
      const changing = await whileScanned(source, nth);
      expect(await dynamodb.extract(changing, during)).toMatchObject({ outcome: 'successful' });
      expect([0, 1]).toContain(await hersIn(changing, during));
      const still = await inPeace(source);
      expect(await dynamodb.extract(still, after)).toMatchObject({ outcome: 'successful' });
      expect(await hersIn(still, after)).toBe(1);
    },
  );
});
