import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openEngine } from '../../lambdas/adapters/engine.ts';
import { lakeReader } from '../../lambdas/adapters/lake/lake-reader.ts';
import { type LakeTable, rowsKey } from '../../lambdas/adapters/lake/lake-table.ts';
import { resolveIdentities } from '../../lambdas/domain/resolve-identities.ts';
import { type Fixture, IDENTITY_TYPES, startFixture } from './fixture.ts';
import { type TroubledAws, troubledAws } from './troubled-aws.ts';

let fixture: Fixture;
let aws: TroubledAws;
/** What S3 was asked about. */
const asked: string[] = [];

beforeAll(async () => {
  fixture = await startFixture();
  aws = await troubledAws(({ method, url = '' }) => {
    if (method === 'HEAD') asked.push(url);
    return undefined;
  });
});
afterAll(async () => {
  await aws?.end();
  await fixture?.stop();
});

const customer = (value: string) => ({ type: 'customer_id', value });
const email = (value: string) => ({ type: 'email', value });

async function aPartition(name: string, rows: string): Promise<LakeTable> {
  const { engine, lake } = fixture.context;
  const prefix = `partitions/crm/${name}/`;
  await engine.run(
    `COPY (SELECT * FROM (VALUES ${rows}) AS rows (customer_id, email))
     TO '${lake.url(rowsKey(prefix))}' (FORMAT parquet)`,
  );
  const identities = ['customer_id', 'email'].map((type) => ({ type, column: type }));
  return { kind: 'partition', name: 'crm', prefix, identities };
}

/** As a step resolves. */
async function resolved(table: LakeTable) {
  const engine = await openEngine({ readsAgain: true });
  try {
    const reader = lakeReader({ ...fixture.context, engine }, [table]);
    const { unique } = await resolveIdentities([customer('0')], IDENTITY_TYPES, reader, {
      bound: 100,
    });
    return unique;
  } finally {
    engine.close();
  }
}

it('asks S3 about each file once in an invocation, and anew in the next', async () => {
  const table = await aPartition('c-1.1', "('0', 'a@x.de'), ('1', 'a@x.de'), ('1', 'b@x.de')");
  const later = await aPartition('c-1.2', "('0', 'new@x.de'), ('2', 'other@x.de')");
  expect(await resolved(table)).toEqual([
    ...[customer('0'), customer('1'), email('a@x.de'), email('b@x.de')],
  ]);
  expect(asked).toHaveLength(1);
  // A step that is tried again writes its file again.
  await fixture.context.lake.copy(rowsKey(later.prefix), rowsKey(table.prefix));
  expect(await resolved(table)).toEqual([customer('0'), email('new@x.de')]);
  expect(asked).toHaveLength(2);
});
