import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findCycle } from '../../lambdas/adapters/cycles.ts';
import { dynamo } from '../../lambdas/adapters/dynamo.ts';
import { endDeadCycles } from '../../lambdas/steps/sweeping.ts';
import { aCycle, losesItsTurn, openShop, runCycle, type Steps } from './shop.ts';
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

const work = () => shop.lake.list('work/c-1/');

describe('a cycle that is stopped while its door closes', () => {
  const closes = () => steps.closeTheDoor?.({ cycleId: 'c-1' });

  it('keeps the identities of its members while it has its turn', async () => {
    await aCycle(1);
    await shop.lake.erase('work/c-1/');
    expect(await closes()).toMatchObject({ outcome: 'closed' });
    expect(await work()).toHaveLength(1);
  });

  it.each([
    ['before it was ended', async () => {}],
    ['after it was ended', endDeadCycles],
  ])('leaves no identities that its function writes %s', async (_, before) => {
    await aCycle(1);
    await losesItsTurn();
    await before();
    await expect(closes()).rejects.toThrow();
    expect(await work()).toEqual([]);
  });
});

describe('the sweep', () => {
  it('ends a cycle that has lost its turn, once, and takes its members’ identities', async () => {
    await aCycle(1);
    await endDeadCycles();
    expect(await findCycle('c-1')).not.toHaveProperty('endedAt');
    expect(await work()).toHaveLength(1);

    await losesItsTurn();
    await endDeadCycles();
    const { endedAt } = (await findCycle('c-1')) ?? {};
    expect(endedAt).toEqual(expect.any(String));
    expect(await work()).toEqual([]);
    await endDeadCycles();
    expect(await findCycle('c-1')).toMatchObject({ endedAt });
  });

  it('reads no cycle that has ended, well or not', async () => {
    await shop.sells('0,other@example.org,');
    await runCycle(steps, 1);
    await aCycle(2);
    await losesItsTurn();
    await endDeadCycles();
    const asked: string[] = [];
    dynamo.middlewareStack.add(
      (next) => (asking) => {
        asked.push(JSON.stringify(asking.input));
        return next(asking);
      },
      { step: 'initialize', name: 'asked' },
    );
    await endDeadCycles();
    dynamo.middlewareStack.remove('asked');
    expect(asked.filter((input) => /c-1|c-2|":pk":"CYCLE"/.test(input))).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
  });
});
