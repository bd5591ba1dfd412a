import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { s3 } from '../../lambdas/adapters/sources/s3.ts';
import { aFileSource, SHOP } from './a-source.ts';
import { CANARY, type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.s3.send(new CreateBucketCommand({ Bucket: SHOP }));
});
afterAll(() => fixture?.stop());

describe('small files', () => {
  const files = (count: number, ending: string, body: (n: number) => string | Buffer) =>
    Object.fromEntries([...Array(count).keys()].map((n) => [`${n}.${ending}`, body(n)]));

  it('of CSV, a thousand, are asked and extracted, each once', async () => {
    const line = (n: number) => `${n},${n === 777 ? CANARY : ''},`;
    const thousand = files(1000, 'csv', (n) => `order_id,email,phone\n${line(n)}\n`);
    const source = await aFileSource(fixture, thousand);
    const subject = { requestId: 'r1', identities: [{ type: 'email', value: CANARY }] };
    expect((await s3.ask(source, [subject])).get('r1')).toEqual({ answer: 'stillHeld', rows: 1 });
    expect(await s3.extract(source, 'partitions/orders/c-1.1/')).toMatchObject({ rows: 1000 });
  });

  it('of Parquet, two hundred, are extracted, each once', async () => {
    const { engine, lake } = fixture.context;
    const made = `SELECT 1 AS order_id, 'x' AS email, '' AS phone`;
    await engine.run(`COPY (${made}) TO '${lake.url('made.parquet')}' (FORMAT parquet)`);
    const one = Buffer.from(await lake.head('made.parquet', 10_000));
    const source = await aFileSource(
      fixture,
      files(200, 'parquet', () => one),
      {
        format: 'parquet',
      },
    );
    expect(await s3.extract(source, 'partitions/orders/c-2.1/')).toMatchObject({ rows: 200 });
  });
});
