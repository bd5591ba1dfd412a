import { describe, expect, it } from '@jest/globals';
import { EngineError } from '../../lambdas/adapters/engine/engine-error.ts';
import { readRemains } from '../../lambdas/adapters/lake/remains.ts';

const notThere = EngineError.from(
  new Error('HTTP Error: HTTP GET error reading (HTTP 404 Not Found)'),
);
const refused = EngineError.from(
  new Error('HTTP Error: HTTP GET error reading (HTTP 403 Forbidden)'),
);

/** Reads by these turns: an error, or a number of rows. */
const reading = async (listed: string[], ...turns: (EngineError | number)[]) => {
  let reads = 0;
  const lake = { list: async () => listed } as never;
  const remains = await readRemains({ lake }, 'partitions/crm/c-1.1/', async () => {
    const turn = turns[reads++];
    if (turn instanceof EngineError) throw turn;
    return turn;
  });
  return { remains, reads };
};

describe('a table that is perhaps being written', () => {
  it('is read again when it was not there, and is there now', async () => {
    expect(await reading(['rows.parquet'], notThere, 7)).toEqual({
      remains: { outcome: 'read', found: 7 },
      reads: 2,
    });
  });

  it('is absent when it is not listed either', async () => {
    expect(await reading([], notThere)).toEqual({ remains: { outcome: 'absent' }, reads: 1 });
  });

  it('is a fault when it stays so, and when it may not be read', async () => {
    await expect(reading(['rows.parquet'], notThere, notThere, notThere)).rejects.toBe(notThere);
    await expect(reading(['rows.parquet'], refused)).rejects.toBe(refused);
  });
});
