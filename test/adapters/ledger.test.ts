import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ulid } from 'ulid';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, dynamo, rowsOf, transact, type Write } from '../../lambdas/adapters/dynamo.ts';
import { type LedgerEntry, recordChange } from '../../lambdas/adapters/ledger.ts';
import { checkChain } from '../../lambdas/domain/evidence/check-chain.ts';
import { hashOfEntry } from '../../lambdas/domain/evidence/ledger-chain.ts';
import { entryOf, type LedgerRow } from '../../lambdas/domain/evidence/ledger-row.ts';
import { everyRow, makeTables } from './tables.ts';

beforeAll(makeTables);
afterEach(() => void jest.useRealTimers());

/** All but the clock. */
const TIMERS = [
  ...(['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] as const),
  ...(['clearTimeout', 'clearInterval', 'clearImmediate', 'hrtime', 'performance'] as const),
];

const aChain = () => `request/${ulid()}`;
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
const entered = (chain: string) => all(rowsOf<LedgerRow>(configuration().ledgerTable, chain));
const problemsOf = async (chain: string) => checkChain((await entered(chain)).map(entryOf));
const times = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));

describe('recordChange', () => {
  it('makes the change and enters it, with what is opaque about it', async () => {
    const [pk, chain] = [ulid(), aChain()];
    expect(await recordChange([aRow(pk)], anEntry(chain))).toBe('recorded');
    expect(await everyRow('requestsTable')).toContainEqual({ pk, sk: 'A' });
    expect(await entered(chain)).toEqual([
      {
        pk: chain,
        sk: '0000000001',
        seq: 1,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        event: 'somethingChanged',
        by: 'a-step',
        facts: { rows: 3, sources: ['crm'] },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        previous: '0'.repeat(64),
        write: expect.any(String),
      },
    ]);
  });

  it('hashes each entry with the one before, in words and numbers that come back the same', async () => {
    const chain = aChain();
    for (const facts of [
      undefined,
      {},
      { zero: 0, rows: 12_345_678_901_234, seconds: 0.1 + 0.2, tiny: 1.5e-7, minus: -3.25 },
      { held: false, causes: ['Größe, ‘naïve’ 😀', ''], nothing: undefined },
    ])
      await recordChange([], { ...anEntry(chain), facts });
    const rows = await entered(chain);
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(rows.slice(1).map(({ previous }) => previous)).toEqual(
      rows.slice(0, -1).map(({ hash }) => hash),
    );
    expect(await problemsOf(chain)).toEqual([]);
  });

  it('changes nothing and enters nothing when one of the conditions does not hold', async () => {
    const [there, chain] = [ulid(), aChain()];
    await recordChange([aRow(there)], anEntry('platform'));
    const before = await everyRow('requestsTable');
    const refused = await recordChange([aRow(ulid()), aRow(there)], anEntry(chain));
    expect(refused).toBe('refused');
    expect(await everyRow('requestsTable')).toEqual(before);
    expect(await entered(chain)).toEqual([]);
  });

  it('enters what changes no row, such as that somebody has looked', async () => {
    const chain = aChain();
    expect(await recordChange([], anEntry(chain))).toBe('recorded');
    expect(await entered(chain)).toHaveLength(1);
  });

  it('keeps every entry of callers who write at once, in one chain without gap or fork', async () => {
    const chain = aChain();
    const outcomes = await times(30, () => recordChange([aRow(ulid())], anEntry(chain)));
    expect(outcomes).toEqual(Array(30).fill('recorded'));
    expect((await entered(chain)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 30 }, (_, n) => n + 1),
    );
    expect(await problemsOf(chain)).toEqual([]);
  });

  it('keeps every entry of those who change nothing else, too', async () => {
    const chain = aChain();
    await times(24, () => recordChange([], anEntry(chain)));
    expect(await entered(chain)).toHaveLength(24);
    expect(await problemsOf(chain)).toEqual([]);
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
    const [pk, chain] = [ulid(), aChain()];
    const outcomes = await times(12, () => recordChange([aRow(pk)], anEntry(chain)));
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    expect(await entered(chain)).toHaveLength(1);
  });

  it('refuses what the caller may not change, also while others write to the chain', async () => {
    const [there, chain] = [ulid(), aChain()];
    await transact([aRow(there)]);
    const outcomes = await times(20, (n) =>
      recordChange([aRow(n % 2 === 0 ? ulid() : there)], anEntry(chain)),
    );
    expect(outcomes).toEqual(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'recorded' : 'refused')),
    );
    expect(await entered(chain)).toHaveLength(10);
  });

  it('throws what is no answer: a table that is not there', async () => {
    const lost: Write = { Put: { TableName: 'no-such-table', Item: { pk: '1', sk: 'A' } } };
    await expect(recordChange([lost], anEntry('platform'))).rejects.toThrow();
  });

  it('enters once what the SDK wrote twice, because it heard no answer', async () => {
    const chain = aChain();
    deafTo('TransactWriteCommand', 1);
    expect(await recordChange([], anEntry(chain))).toBe('recorded');
    expect(await entered(chain)).toHaveLength(1);
  });

  it('appends nothing after a row that is no entry, and says which', async () => {
    const chain = aChain();
    await recordChange([], anEntry(chain));
    const Item = { pk: chain, sk: 'zzz', seq: 9, hash: '0' };
    await dynamo.send(new PutCommand({ TableName: configuration().ledgerTable, Item }));
    await expect(recordChange([], anEntry(chain))).rejects.toThrow('zzz, the last row');
  });
});

/** The next commands of this kind are carried out twice, as if the first answer had been lost. */
function deafTo(command: string, count: number): void {
  let left = count;
  dynamo.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName === command && left > 0) {
        left -= 1;
        await next(args);
      }
      return next(args);
    },
    { step: 'initialize', name: `deafTo${command}`, override: true },
  );
}

describe('an entry that somebody put over another', () => {
  async function aChainOf(events: string[]): Promise<string> {
    const chain = aChain();
    for (const event of events) await recordChange([], { ...anEntry(chain), event });
    return chain;
  }
  /** What IAM cannot forbid: `PutItem` without the condition. */
  async function overwrite(row: LedgerRow | undefined, changes: Partial<LedgerRow>) {
    const Item = { ...row, ...changes };
    await dynamo.send(new PutCommand({ TableName: configuration().ledgerTable, Item }));
  }

  it('is named, when its hash was left as it was', async () => {
    const chain = await aChainOf(['one', 'two', 'three', 'four']);
    await overwrite((await entered(chain))[1], { event: 'nothing' });
    expect(await problemsOf(chain)).toEqual([
      { chain, seq: 2, kind: 'changed', words: expect.stringContaining('Entry 2') },
    ]);
  });

  it('is named, when its hash was made to fit', async () => {
    const chain = await aChainOf(['one', 'two', 'three', 'four']);
    const [, second] = await entered(chain);
    const { hash: _, previous = '', ...entry } = entryOf(second as LedgerRow);
    const event = 'nothing';
    await overwrite(second, { event, hash: hashOfEntry(previous, { ...entry, event }) });
    expect(await problemsOf(chain)).toEqual([
      { chain, seq: 2, kind: 'changed', words: expect.stringContaining('Entry 2') },
    ]);
  });
});
