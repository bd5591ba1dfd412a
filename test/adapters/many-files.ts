import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { s3 } from '../../lambdas/adapters/sources/s3.ts';
import { aFileSource, SHOP } from './a-source.ts';
import { CANARY, type Fixture, startFixture } from './fixture.ts';

const thousand = (name: string, body: (n: number) => string | Buffer) =>
  Object.fromEntries([...Array(1000).keys()].map((n) => [`${n}.${name}`, body(n)]));

/** Of each format, that every file counts, and none twice. */
const COUNTS = {
  csv: async (fixture: Fixture) => {
    const line = (n: number) => `${n},${n === 777 ? CANARY : ''},`;
    const files = thousand('csv', (n) => `order_id,email,phone\n${line(n)}\n`);
    const source = await aFileSource(fixture, files);
    const subject = { requestId: 'r1', identities: [{ type: 'email', value: CANARY }] };
    expect((await s3.ask(source, [subject])).get('r1')).toEqual({ answer: 'stillHeld', rows: 1 });
    expect(await s3.extract(source, 'partitions/orders/c-1.1/')).toMatchObject({ rows: 1000 });
  },

  parquet: async (fixture: Fixture) => {
    const { engine, lake } = fixture.context;
    const made = `SELECT 1 AS order_id, 'x' AS email, '' AS phone`;
    await engine.run(`COPY (${made}) TO '${lake.url('made.parquet')}' (FORMAT parquet)`);
    const one = Buffer.from(await lake.head('made.parquet', 10_000));
    const files = thousand('parquet', () => one);
    const source = await aFileSource(fixture, files, { format: 'parquet' });
    expect(await s3.extract(source, 'partitions/orders/c-2.1/')).toMatchObject({ rows: 1000 });
  },
};

export function readsAThousandFiles(format: keyof typeof COUNTS): void {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture();
    await fixture.s3.send(new CreateBucketCommand({ Bucket: SHOP }));
  });
  afterAll(() => fixture?.stop());

  it(`a thousand small files (${format}) are read, each once`, () => COUNTS[format](fixture));
}
