import { beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, rowsOf, transact } from '../../lambdas/adapters/dynamo.ts';
import { findRequest, newRequest } from '../../lambdas/adapters/requests.ts';
import { findResult, once, resultsOf } from '../../lambdas/adapters/results.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import type { Request } from '../../lambdas/domain/request.ts';
import { makeTables } from './tables.ts';

beforeAll(makeTables);

async function aRequest(changes: Partial<Request> = {}): Promise<RequestId> {
  const requestId = RequestId.parse(ulid());
  const request: Request = {
    requestId,
    kind: 'erasure',
    status: 'open',
    receivedAt: '2026-03-01T10:00:00.000Z',
    openedAt: '2026-03-01T10:00:00.000Z',
    dueOn: '2026-04-01',
    unrolledDueOn: '2026-04-01',
    round: 1,
    attempt: 1,
    restarts: 2,
    without: [],
    gaveUpOn: [],
    bound: 1000,
    platformHash: 'a-hash',
    ...changes,
  };
  await transact([newRequest(request)]);
  return requestId;
}

const entered = (requestId: string) =>
  all(rowsOf(configuration().ledgerTable, `request/${requestId}`));

describe('a step that runs once', () => {
  it('records its result with all that changes, and sets the restarts back', async () => {
    const requestId = await aRequest();
    const result = await once(requestId, 'aStep', 1, async () => ({
      result: { outcome: 'done' },
      changes: { round: 2 },
      facts: { rows: 3 },
    }));
    expect(result).toEqual({ outcome: 'done' });
    expect(await findRequest(requestId)).toMatchObject({ round: 2, restarts: 0 });
    expect(await all(resultsOf(requestId))).toMatchObject([
      { step: 'aStep', round: 1, result: { outcome: 'done' } },
    ]);
    expect(await entered(requestId)).toMatchObject([
      { event: 'aStep', by: 'aStep', facts: { round: 1, rows: 3 } },
    ]);
  });

  it('gives its first result again, and does not run again', async () => {
    const requestId = await aRequest();
    let runs = 0;
    const ask = () => once(requestId, 'aStep', 1, async () => ({ result: { run: ++runs } }));
    expect([await ask(), await ask(), await ask()]).toEqual([{ run: 1 }, { run: 1 }, { run: 1 }]);
    expect(runs).toBe(1);
    expect(await entered(requestId)).toHaveLength(1);
  });

  it('gives everybody the same result when many run it at once', async () => {
    const requestId = await aRequest();
    const given = await Promise.all(
      Array.from({ length: 12 }, (_, run) =>
        once(requestId, 'aStep', 1, async () => ({ result: { run } })),
      ),
    );
    expect(new Set(given.map(({ run }) => run)).size).toBe(1);
    expect(await findResult(requestId, 'aStep', 1)).toEqual(given[0]);
    expect(await entered(requestId)).toHaveLength(1);
  });

  it('runs anew in another round, and beside another step', async () => {
    const requestId = await aRequest();
    const ask = (step: string, round: number) =>
      once(requestId, step, round, async () => ({ result: { of: `${step} ${round}` } }));
    await ask('aStep', 1);
    expect(await ask('aStep', 2)).toEqual({ of: 'aStep 2' });
    expect(await ask('another', 1)).toEqual({ of: 'another 1' });
  });

  it('records nothing of a run that failed, so that it is run again', async () => {
    const requestId = await aRequest();
    const fails = once(requestId, 'aStep', 1, () => Promise.reject(new Error('no')));
    await expect(fails).rejects.toThrow('no');
    expect(await findResult(requestId, 'aStep', 1)).toBeUndefined();
    expect(await findRequest(requestId)).toMatchObject({ restarts: 2 });
    const again = await once(requestId, 'aStep', 1, async () => ({ result: { outcome: 'done' } }));
    expect(again).toEqual({ outcome: 'done' });
  });

  it('throws when a change beside it is refused, rather than give what was not recorded', async () => {
    const requestId = await aRequest();
    const taken = newRequest({ ...(await findRequest(requestId)), requestId } as Request);
    const refused = once(requestId, 'aStep', 1, async () => ({
      result: { outcome: 'done' },
      writes: [taken],
    }));
    // A transaction may name a row once only: the change of the request is beside the Put.
    await expect(refused).rejects.toThrow();
    expect(await findResult(requestId, 'aStep', 1)).toBeUndefined();
  });
});
