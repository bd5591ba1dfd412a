import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { type LargeGround, onLargeGround } from './large-ground.ts';
import { largePlatform, PROMISED } from './large-platform.ts';

const PATIENCE_SECONDS = 3000;
const PATIENCE_MS = 2 * PATIENCE_SECONDS * 1000;
const TABLES = PROMISED.sources + PROMISED.models + PROMISED.segments;

let ground: LargeGround;

beforeAll(async () => {
  ground = await onLargeGround(largePlatform(PROMISED));
}, PATIENCE_MS);
afterAll(() => ground?.stop());

const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const started = Date.now();
  await work();
  return Math.round((Date.now() - started) / 1000);
};

/** The emulator has sixteen places, and says so when none is free. */
const whenFree =
  <T>(ask: () => Promise<T>) =>
  () =>
    ask().catch((): undefined => undefined);

it(
  `erases one person from ${PROMISED.sources} sources and a graph of ${PROMISED.models} models`,
  async () => {
    const { desk, sellTo, histories, largestItem } = ground;
    await sellTo('C-4');
    const first = await secondsOf(async () => {
      await desk.refresh({ sources: [], by: 'limits' });
      const ask = whenFree(async () => (await desk.snapshot()).snapshotId);
      await until('the first snapshot was published', ask, PATIENCE_SECONDS);
    });
    console.info(`the first snapshot took ${first} s`);
    await sellTo();
    const identities = [{ type: 'customer_id', value: 'C-4' }];
    const opened = await desk.open({ identities, by: 'limits' });
    if (opened.outcome !== 'opened') throw new Error(`It was not opened: ${opened.outcome}`);
    const isClosed = whenFree(async () =>
      (await desk.list('closed')).find(({ requestId }) => requestId === opened.requestId),
    );
    let outcome: string | undefined;
    const erasure = await secondsOf(async () => {
      ({ outcome } = await until('the request was closed', isClosed, PATIENCE_SECONDS));
    });
    const cycles = await histories('RefreshCycleArn');
    const passes = await histories('VerifySourcesArn');
    const requests = await histories('DeleteCustomerDataArn');
    const items = {
      catalog: await largestItem('CatalogTable'),
      requests: await largestItem('RequestsTable'),
      ledger: await largestItem('LedgerTable'),
    };
    console.info({ first, erasure, cycles, passes, requests, items });
    expect(outcome).toBe('erased');
    expect(await desk.certificate(opened.requestId)).toMatchObject({
      outcome: 'certified',
      certificate: { proof: { tables: TABLES } },
    });
    for (const { events, largestBytes } of [...cycles, ...passes, ...requests]) {
      expect(events).toBeLessThan(5000);
      expect(largestBytes).toBeLessThan(32 * 1024);
    }
    expect(Math.max(...Object.values(items))).toBeLessThan(400_000);
  },
  PATIENCE_MS,
);
