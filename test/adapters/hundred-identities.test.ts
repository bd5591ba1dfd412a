import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openErasingShop } from './erasing.ts';

/** As long as one may be. */
const long = (n: number) => `customer-${n}-`.padEnd(320, 'x');
const HERS = Array.from({ length: 100 }, (_, n) => long(n));
const OTHERS = Array.from({ length: 150 }, (_, n) => `o${n}`);
const rowsOf = (customers: string[]) =>
  customers.map((id, n) => `${id},${id.slice(0, 12)}${n}@example.org,`);

let shop: Awaited<ReturnType<typeof openErasingShop>>;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openErasingShop(() => {});
  await shop.sells(...rowsOf(HERS), ...rowsOf(OTHERS));
  await shop.refreshes();
});
afterAll(() => shop?.close());

it('a request that names a person by a hundred identities erases every row of them', async () => {
  const requestId = await shop.opensFor(HERS.map((value) => ({ type: 'customer_id', value })));
  expect(await shop.resolves(requestId)).toMatchObject({ outcome: 'clear', unique: 200 });
  await shop.sells(...rowsOf(OTHERS));
  expect(await shop.letsGo(requestId)).toEqual(['crm']);
  await shop.runsTheCycle();
  const certificate = await shop.closes(requestId);
  expect(certificate).toMatchObject({
    outcome: 'erased',
    identities: { unique: { customer_id: 100, email: 100 } },
    proof: { found: [] },
    gaveUpOn: [],
  });
  expect(certificate.subjectCommitments).toHaveLength(200);
  expect(await shop.holds('crm')).toEqual([...OTHERS].sort());
});
