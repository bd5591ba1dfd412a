import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { activeSnapshot } from '../../lambdas/adapters/catalog.ts';
import { findCycle } from '../../lambdas/adapters/cycles.ts';
import { CANARY } from './fixture.ts';
import { aCycle, openShop, PERSON, runCycle, type Steps } from './shop.ts';
import { emptyTable } from './tables.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;
let sweeper: Steps;
let desk: Steps;
/** Stops when its rows are written: the country of its phones is none. */
let diesIngesting: Steps;
/** Dies when its rows are written: the ledger, where it would enter them, is not there. */
let diesBuilding: Steps;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  steps = await shop.functions();
  sweeper = await shop.functions(undefined, 'sweeper');
  desk = await shop.functions(undefined, 'desk');
  diesIngesting = await shop.functions(({ platform }) => {
    Object.assign(platform.identityTypes.phone ?? {}, { defaultCountry: 7 });
  });
  diesBuilding = await shop.functions();
  const ledger = process.env.LEDGER_TABLE;
  process.env.LEDGER_TABLE = 'no-such-ledger';
  // Read at the first call, whatever it is.
  await diesBuilding.buildModel?.({}).catch(() => {});
  process.env.LEDGER_TABLE = ledger;
});
afterAll(() => shop.close());

beforeEach(async () => {
  await emptyTable('catalogTable');
  for (const prefix of ['partitions/', 'snapshots/']) await shop.lake.erase(prefix);
});

/** The first cycle reads the person, and gets no further than this step; then its execution is stopped. */
async function diesIn(dead: Steps, step: 'refreshSource' | 'buildModel'): Promise<void> {
  await aCycle(1);
  await shop.sells(`1,${CANARY},030 1234567`);
  const cycleId = 'c-1';
  const refreshed = (dead === diesIngesting ? dead : steps).refreshSource?.({
    cycleId,
    source: 'crm',
    attempt: 1,
  });
  const outcome = step === 'refreshSource' ? 'failedRetrying' : 'successful';
  expect(await refreshed).toMatchObject({ outcome });
  if (step === 'buildModel')
    await expect(dead.buildModel?.({ cycleId, model: 'customers' })).rejects.toThrow();
  await sweeper.executionEnded?.({ detail: { name: cycleId, status: 'ABORTED' } });
  expect(await findCycle(cycleId)).toMatchObject({ endedAt: expect.any(String) });
  await shop.sells('0,other@example.org,');
}

const residue = async () =>
  (await runCycle(steps, 2)).residue.map(({ kind, name, rows }) => `${kind} ${name}: ${rows}`);

describe('what a cycle was writing when it died', () => {
  it('is residue, though it never became a partition', async () => {
    await diesIn(diesIngesting, 'refreshSource');
    expect(await shop.lake.list('partitions/crm/c-1.1/')).toHaveLength(1);
    expect(await residue()).toEqual(['source crm: 1']);
  });

  it('is residue, though nothing says that it was built', async () => {
    await diesIn(diesBuilding, 'buildModel');
    expect((await residue()).sort()).toEqual(['model customers: 1', 'source crm: 1']);
  });

  it('is nothing where its file was never written', async () => {
    await diesIn(diesIngesting, 'refreshSource');
    await shop.lake.erase('partitions/crm/c-1.1/');
    expect(await residue()).toEqual([]);
  });

  it('is said to be unreadable where it is half written, and holds up nobody', async () => {
    await diesIn(diesIngesting, 'refreshSource');
    await shop.put('partitions/crm/c-1.1/rows.parquet', 'PAR1 and no more');
    const result = await runCycle(steps, 2);
    expect(result.outcome).toBe('proven');
    expect(result.residue).toMatchObject([
      { kind: 'source', name: 'crm', cannotBeRead: true, in: ['partitions/crm/c-1.1/'] },
    ]);
  });

  it('is looked through for whom a request is about, unless it cannot be read', async () => {
    await diesIn(diesIngesting, 'refreshSource');
    const held = { kind: 'source', name: 'crm', where: 'inactive' };
    const preview = () => desk.preview?.({ identities: [PERSON] });
    expect(await preview()).toMatchObject({
      identities: { email: 1, customer_id: 1, phone: 1 },
      tables: [{ ...held, rows: 1 }],
    });
    await shop.put('partitions/crm/c-1.1/rows.parquet', 'PAR1 and no more');
    expect(await preview()).toMatchObject({
      identities: { email: 1 },
      tables: [{ ...held, rows: 0 }],
    });
  });

  it('is in no snapshot, and nothing is built upon it', async () => {
    await diesIn(diesIngesting, 'refreshSource');
    expect((await runCycle(steps, 2)).found).toEqual([]);
    expect((await activeSnapshot())?.partitions).toEqual({ crm: 'c-2.1' });
  });
});
