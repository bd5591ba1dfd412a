import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ulid } from 'ulid';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, rowsOf, type Write } from '../../lambdas/adapters/dynamo.ts';
import { type LedgerEntry, recordChange } from '../../lambdas/adapters/ledger.ts';
import { everyRow, makeTables } from './tables.ts';

beforeAll(makeTables, 120_000);
afterEach(() => void jest.useRealTimers());

/** All but the clock. */
const TIMERS = [
  ...(['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] as const),
  ...(['clearTimeout', 'clearInterval', 'clearImmediate', 'hrtime', 'performance'] as const),
];

const anEntry = (chain: string): LedgerEntry => ({
  chain,
  event: 'somethingChanged',
  by: 'a-step',
  facts: { rows: 3, sources: ['crm'], nothing: undefined },
});
const aRow = (pk: string): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { pk, sk: 'A' },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});
const entered = (chain: string) => all(rowsOf(configuration().ledgerTable, chain));

describe('recordChange', () => {
  it('makes the change and enters it, with what is opaque about it', async () => {
    const [pk, chain] = [ulid(), `request/${ulid()}`];
    expect(await recordChange([aRow(pk)], anEntry(chain))).toBe('recorded');
    expect(await everyRow('requestsTable')).toContainEqual({ pk, sk: 'A' });
    expect(await entered(chain)).toEqual([
      {
        pk: chain,
        sk: expect.stringMatching(/^\d{4}-.*Z#[0-9A-Z]{26}$/),
        at: expect.any(String),
        event: 'somethingChanged',
        by: 'a-step',
        facts: { rows: 3, sources: ['crm'] },
      },
    ]);
  });

  it('changes nothing and enters nothing when one of the conditions does not hold', async () => {
    const [there, chain] = [ulid(), `request/${ulid()}`];
    await recordChange([aRow(there)], anEntry('platform'));
    const before = await everyRow('requestsTable');
    const refused = await recordChange([aRow(ulid()), aRow(there)], anEntry(chain));
    expect(refused).toBe('refused');
    expect(await everyRow('requestsTable')).toEqual(before);
    expect(await entered(chain)).toEqual([]);
  });

  it('enters what changes no row, such as that somebody has looked', async () => {
    const chain = `request/${ulid()}`;
    expect(await recordChange([], anEntry(chain))).toBe('recorded');
    expect(await entered(chain)).toHaveLength(1);
  });

  it('keeps every entry of callers who write at once, in one chain', async () => {
    const chain = `request/${ulid()}`;
    await Promise.all(
      Array.from({ length: 20 }, () => recordChange([aRow(ulid())], anEntry(chain))),
    );
    expect(await entered(chain)).toHaveLength(20);
  });

  it('keeps every entry while the clock stands still, and when it is set back', async () => {
    const chain = `request/${ulid()}`;
    jest.useFakeTimers({ doNotFake: TIMERS });
    for (const minute of [5, 5, 5, 4, 5, 3, 5]) {
      jest.setSystemTime(minute * 60_000);
      expect(await recordChange([], anEntry(chain))).toBe('recorded');
    }
    expect(await entered(chain)).toHaveLength(7);
  });

  it('lets one of many win a change that can be made once, and enters it once', async () => {
    const [pk, chain] = [ulid(), `request/${ulid()}`];
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => recordChange([aRow(pk)], anEntry(chain))),
    );
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    expect(await entered(chain)).toHaveLength(1);
  });

  it('throws what is no answer: a table that is not there', async () => {
    const lost: Write = { Put: { TableName: 'no-such-table', Item: { pk: '1', sk: 'A' } } };
    await expect(recordChange([lost], anEntry('platform'))).rejects.toThrow();
  });
});
