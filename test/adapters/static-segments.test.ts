import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { activeSnapshot } from '../../lambdas/adapters/catalog.ts';
import type { Segment } from '../../lambdas/domain/platform.ts';
import { CANARY } from './fixture.ts';
import { openShop, runCycle, type Steps } from './shop.ts';
import { emptyTable } from './tables.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  steps = await shop.functions();
});
afterAll(() => shop.close());
beforeEach(() => emptyTable('catalogTable'));

const EMAIL = { type: 'email', column: 'email' };
const PHONE = { type: 'phone', column: 'phone' };
const BOTH = 'SELECT email, phone FROM customers';

/** The shop, its segment declared otherwise from now on. */
const redeclared = (changes: Partial<Segment>, sql = BOTH) =>
  shop.functions((definition) => {
    Object.assign(definition.platform.segments.founders ?? {}, changes);
    definition.sql.founders = sql;
  });

/** The segment's identities after a first cycle, and after each of two by another declaration. */
async function afterwards(first: Steps, then: Steps, segment?: string) {
  await shop.sells(`1,${CANARY},030 1234567`);
  await runCycle(first, 1);
  await shop.sells('2,new@example.org,030 7654321');
  const results = [await runCycle(then, 2, { segment }), await runCycle(then, 3, { segment })];
  const founders = (await activeSnapshot())?.segments.founders;
  const rows = await shop.rows(`${founders?.prefix}rows.parquet`);
  return { results, identities: founders?.identities, rows };
}

it('stays as it is, and is proven by the columns that it has, when one more is declared', async () => {
  const { results, identities, rows } = await afterwards(
    steps,
    await redeclared({ identities: [EMAIL, PHONE] }),
  );
  expect(results).toMatchObject([{ outcome: 'found' }, { outcome: 'found' }]);
  expect(identities).toEqual([EMAIL]);
  expect(rows).toEqual([{ email: CANARY }]);
});

it('loses those who are gone, also when a column is declared that it has not', async () => {
  const { results, rows } = await afterwards(
    steps,
    await redeclared({ identities: [EMAIL, PHONE] }),
    'recreateSegment',
  );
  expect(results).toMatchObject([{ outcome: 'proven' }, { outcome: 'proven' }]);
  expect(rows).toEqual([]);
});

it('is made anew when its SQL may run again anyway', async () => {
  const { identities, rows } = await afterwards(
    steps,
    await redeclared({ identities: [EMAIL, PHONE], recreate: 'rerun' } as Partial<Segment>),
  );
  expect(identities).toEqual([EMAIL, PHONE]);
  expect(rows).toEqual([{ email: 'new@example.org', phone: '030 7654321' }]);
});

it('is scanned by a column that is declared no more', async () => {
  const both = await redeclared({ identities: [PHONE, EMAIL] });
  const { results, identities } = await afterwards(both, await redeclared({ identities: [PHONE] }));
  expect(identities).toEqual([PHONE, EMAIL]);
  expect(results).toMatchObject([{ outcome: 'found' }, { outcome: 'found' }]);
});

it('is scanned by a column that it always had, and that is declared only now', async () => {
  const { identities } = await afterwards(
    await redeclared({ identities: [EMAIL] }),
    await redeclared({ identities: [EMAIL, PHONE] }),
  );
  expect(identities).toEqual([EMAIL, PHONE]);
});
