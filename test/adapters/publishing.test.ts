import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { activePointer, findSnapshot } from '../../lambdas/adapters/catalog.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo } from '../../lambdas/adapters/dynamo.ts';
import type { CycleId } from '../../lambdas/domain/ids.ts';
import { aCycle, buildCycle, losesItsTurn, openShop, runCycle, type Steps } from './shop.ts';
import { emptyTable, everyRow } from './tables.ts';
import { FAILED_JSON, type Trouble, type TroubledAws, troubledAws } from './troubled-aws.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;
let aws: TroubledAws | undefined;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  steps = await shop.functions();
  await shop.sells('1,other@example.org,030 1234567');
});
afterAll(() => shop.close());
/** A first snapshot is active. */
beforeEach(async () => {
  for (const table of ['catalogTable', 'ledgerTable'] as const) await emptyTable(table);
  await runCycle(steps, 1);
});
afterEach(async () => {
  await aws?.end();
  aws = undefined;
});

/** A cycle that has built everything, and has its turn. */
async function aBuiltCycle(n: number): Promise<CycleId> {
  const { cycleId } = await aCycle(n);
  expect(await buildCycle(steps, cycleId)).toBe(true);
  return cycleId;
}

/** Everything that is published, and everything that was ever entered. */
const state = async () => ({
  catalog: await everyRow('catalogTable'),
  ledger: await everyRow('ledgerTable'),
});

async function expectRefused(publishing: Promise<unknown> | undefined): Promise<void> {
  const before = await state();
  await expect(publishing).rejects.toThrow();
  expect(await state()).toEqual(before);
}

/** Steps whose transactions meet with trouble. */
async function withTransactions(trouble: () => Trouble | Promise<Trouble>): Promise<Steps> {
  const isTransaction = (target: unknown) => String(target).endsWith('.TransactWriteItems');
  aws = await troubledAws(({ headers }) =>
    isTransaction(headers['x-amz-target']) ? trouble() : undefined,
  );
  return shop.functions();
}

it('is refused to a cycle that has lost its turn, though it has built everything', async () => {
  const cycleId = await aBuiltCycle(2);
  await losesItsTurn(2);
  await expectRefused(steps.publishSnapshot?.({ cycleId }));
  expect(await activePointer()).toBe('c-1');
  expect(await findSnapshot('c-1')).not.toHaveProperty('supersededAt');
});

it('is refused to a cycle that the next one has overtaken', async () => {
  const cycleId = await aBuiltCycle(2);
  await losesItsTurn(2);
  await runCycle(steps, 3);
  await expectRefused(steps.publishSnapshot?.({ cycleId }));
  expect(await activePointer()).toBe('c-3');
});

it('is refused when another snapshot becomes active after it was looked for', async () => {
  await runCycle(steps, 2);
  const cycleId = await aBuiltCycle(3);
  const { publishSnapshot } = await withTransactions(async () => {
    const Item = { pk: 'POINTER', sk: 'ACTIVE', snapshotId: 'c-1' };
    await dynamo.send(new PutCommand({ TableName: configuration().catalogTable, Item }));
    return undefined;
  });
  await expect(publishSnapshot?.({ cycleId })).rejects.toThrow();
  expect(await activePointer()).toBe('c-1');
  expect(await findSnapshot('c-2')).not.toHaveProperty('supersededAt');
  expect(await findSnapshot(cycleId)).toBeUndefined();
});

it('leaves the old snapshot active when it fails for good, and is done once by the next attempt', async () => {
  const cycleId = await aBuiltCycle(2);
  const { publishSnapshot } = await withTransactions(() => FAILED_JSON);
  await expectRefused(publishSnapshot?.({ cycleId }));
  expect(aws?.troubled).toBeGreaterThan(0);

  const published = await steps.publishSnapshot?.({ cycleId });
  expect(await steps.publishSnapshot?.({ cycleId })).toEqual(published);
  expect(await activePointer()).toBe(cycleId);
  expect(await findSnapshot('c-1')).toHaveProperty('supersededAt');
  const events = (await everyRow('ledgerTable')).filter(({ pk }) => pk === `cycle/${cycleId}`);
  expect(events.filter(({ event }) => event === 'snapshotPublished')).toHaveLength(1);
});
