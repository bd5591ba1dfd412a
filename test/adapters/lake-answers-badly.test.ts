import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { finding } from '../../lambdas/adapters/cycles.ts';
import { EngineError } from '../../lambdas/adapters/engine/engine-error.ts';
import { ingest } from '../../lambdas/adapters/lake/ingest.ts';
import { findSubjects } from '../../lambdas/adapters/lake/prove.ts';
import { writeRows } from '../../lambdas/adapters/sources/write-rows.ts';
import type { CycleId } from '../../lambdas/domain/ids.ts';
import { aTableSource } from './a-source.ts';
import { CANARY, LAKE } from './fixture.ts';
import { aCycle, openShop, PERSON, type Steps } from './shop.ts';
import { THROTTLED_XML, type Trouble, type TroubledAws, troubledAws } from './troubled-aws.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;
let aws: TroubledAws | undefined;
let cycles = 0;

beforeAll(async () => {
  shop = await openShop();
  steps = await shop.functions();
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: LAKE }));
  await shop.sells(`1,${CANARY},(0)30 1234567`, '2,other@example.org,');
  await publishedCycle();
});
afterEach(() => inPeace());
afterAll(() => shop?.close());

const refreshing = async (cycleId: CycleId, attempt: number) =>
  steps.refreshSource?.({ cycleId, source: 'crm', attempt });

async function publishedCycle(): Promise<CycleId> {
  const { cycleId } = await aCycle(++cycles);
  await refreshing(cycleId, 1);
  await steps.buildModel?.({ cycleId, model: 'customers' });
  await steps.carryOverSegment?.({ cycleId, segment: 'founders' });
  await steps.publishSnapshot?.({ cycleId });
  return cycleId;
}

const [ROWS, NORMALISED] = [/rows\.parquet$/, /normalised\.parquet$/];
const ROWS_ARE_PUT = { what: 'rows are put', method: 'PUT', url: ROWS };
const ROWS_ARE_LOOKED_FOR = { what: 'rows are looked for', method: 'HEAD', url: ROWS };
const ROWS_ARE_READ = { what: 'rows are read', method: 'GET', url: ROWS };
const OTHERS_ARE_PUT = { what: 'normalised values are put', method: 'PUT', url: NORMALISED };
type Call = typeof ROWS_ARE_PUT;

/** The lake meets that call of DuckDB, on the files of partitions, with trouble. */
async function inTrouble(trouble: Trouble, { method, url }: Call) {
  aws = await troubledAws((asked) =>
    asked.method === method &&
    asked.url?.includes('/partitions/') &&
    url.test(asked.url) &&
    asked.headers['user-agent']?.startsWith('duckdb')
      ? trouble
      : undefined,
  );
  return aws.context;
}

async function inPeace(): Promise<void> {
  const ended = aws;
  aws = undefined;
  await ended?.end();
}

describe('a lake that keeps asking for fewer requests', () => {
  it.each([ROWS_ARE_PUT, ROWS_ARE_LOOKED_FOR, OTHERS_ARE_PUT])(
    'when $what fails a refresh for now, and the next attempt is whole',
    async (call) => {
      const { cycleId } = await aCycle(++cycles);
      await inTrouble(THROTTLED_XML, call);
      expect(await refreshing(cycleId, 1)).toMatchObject({ outcome: 'failedRetrying', rows: 0 });
      expect(aws?.troubled).toBeGreaterThan(0);
      await inPeace();
      expect(await refreshing(cycleId, 2)).toMatchObject({ outcome: 'successful', rows: 2 });
      const rows = await shop.rows(`partitions/crm/${cycleId}.2/rows.parquet`);
      expect(rows.map(({ email }) => email).sort()).toEqual([CANARY, 'other@example.org']);
    },
  );

  it('proves nobody’s absence, and the next look finds who is there', async () => {
    const cycleId = await publishedCycle();
    const table = 'source crm';
    await inTrouble(THROTTLED_XML, ROWS_ARE_LOOKED_FOR);
    await expect(steps.proveAbsence?.({ cycleId, table })).rejects.toThrow();
    expect(await finding(cycleId, 'PROOF', table)).toBeUndefined();
    await inPeace();
    expect(await steps.proveAbsence?.({ cycleId, table })).toMatchObject({ found: 1 });
  });

  it.each([
    { what: 'it begins', method: 'POST', url: /\?uploads/ },
    { what: 'a part is put', method: 'PUT', url: /partNumber/ },
    { what: 'it ends', method: 'POST', url: /\?uploadId/ },
  ])('refuses a file in parts when $what, and no half of it is there', async (call) => {
    const context = await inTrouble(THROTTLED_XML, call);
    // The smallest parts that S3 takes, 5 MB: else it would take a file of 80.
    await context.engine.run(`SET s3_uploader_max_filesize = '50GB'; SET http_retries = 0`);
    const source = await aTableSource(context, []);
    const prefix = aPrefix();
    const many = `(SELECT md5(range::VARCHAR) AS id, range AS points, NULL AS contact FROM range(400000))`;
    const write = (to: typeof context) => writeRows({ ...source, ...to }, many, prefix);
    await expect(write(context)).rejects.toThrow(EngineError);
    expect(await context.lake.list(prefix)).toEqual([]);
    await inPeace();
    aws = await troubledAws(() => undefined);
    expect(await write(aws.context)).toMatchObject({ rows: 400_000 });
  });
});

const aPrefix = () => `partitions/loyalty/c-${++cycles}.1/`;

describe('a lake that falls silent', () => {
  const silent = async (call: Call) => {
    const context = await inTrouble('silence', call);
    await context.engine.run('SET http_timeout = 1; SET http_retries = 0');
    // Another function than wrote a file has never read it.
    await context.engine.run('SET enable_external_file_cache = false');
    return context;
  };

  it.each([ROWS_ARE_PUT, ROWS_ARE_LOOKED_FOR, OTHERS_ARE_PUT])(
    'when $what is no fault of the source, which is read again',
    async (call) => {
      const source = await aTableSource(await silent(call), [{ id: 'c1' }]);
      await expect(ingest(source, aPrefix())).rejects.toThrow(EngineError);
      await inPeace();
      aws = await troubledAws(() => undefined);
      const again = { ...source, ...aws.context };
      expect(await ingest(again, aPrefix())).toMatchObject({ outcome: 'successful', rows: 1 });
    },
  );

  it.each([ROWS_ARE_LOOKED_FOR, ROWS_ARE_READ])('when $what calls nobody absent', async (call) => {
    const table = {
      ...{ kind: 'partition' as const, name: 'crm', prefix: aPrefix() },
      identities: [{ type: 'email', column: 'email' }],
    };
    const subjects = [{ requestId: 'r1', identities: [PERSON] }];
    aws = await troubledAws(() => undefined);
    const { engine, lake } = aws.context;
    await engine.run(
      `COPY (SELECT '${CANARY}' AS email) TO '${lake.url(`${table.prefix}rows.parquet`)}'`,
    );
    expect((await findSubjects(aws.context, table, subjects)).hits).toHaveLength(1);
    await inPeace();
    await expect(findSubjects(await silent(call), table, subjects)).rejects.toThrow(EngineError);
  });
});
