import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { entriesOf } from '../../lambdas/adapters/ledger-reader.ts';
import { changedRequest, getRequest } from '../../lambdas/adapters/requests.ts';
import { newResult } from '../../lambdas/adapters/results.ts';
import { answer, newWait, waitKey } from '../../lambdas/adapters/waits.ts';
import type { RequestId } from '../../lambdas/domain/ids.ts';
import { type TroubledAws, troubledAws } from '../adapters/troubled-aws.ts';
import { versionsBelow } from '../adapters/versions.ts';
import { aLoop, anErasure, aRequest, type Loop, packed } from './a-loop.ts';

let loop: Loop;
let aws: TroubledAws;
/** From this of its changes on, nothing that a step writes comes about: as if it had died before. */
let diesAt = Number.POSITIVE_INFINITY;
let changes = 0;
beforeAll(async () => {
  loop = await aLoop();
  aws = await troubledAws((asked) => {
    if (isChange(asked)) changes += 1;
    return changes >= diesAt ? GONE : undefined;
  });
}, 600_000);
afterAll(() => aws?.end());

const GONE = { status: 400, body: '<Error><Code>ValidationException</Code></Error>' };
const isChange = ({ method = '', headers }: IncomingMessage) =>
  headers['x-amz-target']
    ? /\.(Put|Update|Delete|TransactWrite|BatchWrite|Send)/.test(String(headers['x-amz-target']))
    : method !== 'GET' && method !== 'HEAD';

/** @returns whether there was such a change, before which it died */
async function diesBefore(change: number, step: () => Promise<unknown>): Promise<boolean> {
  [diesAt, changes] = [change, 0];
  const died = await step().then(
    () => false,
    () => true,
  );
  diesAt = Number.POSITIVE_INFINITY;
  return died;
}

const NAME = 'openPackages' as const;

/** An erasure that has found an export of the same person, and whose question has this answer. */
async function answered(option: string) {
  const exporting = await aRequest('access');
  await packed(exporting);
  const erasing = await anErasure();
  const now = new Date();
  const on = 'tenantAdmin' as const;
  const wait = {
    ...{ owner: erasing, name: NAME, round: 1, kind: NAME, on, role: on },
    ...{ reasonCode: NAME, options: ['purge', 'waitForDownload'], asked: true, expires: true },
    ...{ remindAt: now.toISOString(), deadline: '2099-01-01T00:00:00.000Z' },
  };
  const found = { outcome: 'looked', exports: [exporting] };
  await transact([newResult(erasing, 'settlePackages', 1, found), newWait(wait, now)]);
  await answer(
    waitKey(erasing, NAME, 1),
    { option, by: 'somebody', at: now.toISOString() },
    { chain: `request/${erasing}`, event: 'waitAnswered', by: 'somebody', facts: {} },
  );
  return { erasing, exporting };
}

const eventsOf = async (requestId: RequestId) =>
  (await entriesOf(`request/${requestId}`)).map(({ event }) => event).sort();

const closing = { option: 'cancelled', by: 'somebody', reasonCode: 'none' } as const;
const changed = (id: RequestId, changes: Parameters<typeof changedRequest>[1]) =>
  transact([changedRequest(id, changes)]);
const isKept = async (exporting: RequestId) =>
  (await versionsBelow(`packages/${exporting}/`)) > 0 &&
  (await getRequest(exporting)).closing === undefined;

describe('packages of the same person', () => {
  it.each(['purge', 'expired'])('are deleted when the answer is %s', async (option) => {
    const { erasing, exporting } = await answered(option);
    expect(await loop.steps.settlePackages(erasing, 1)).toEqual({ outcome: 'settled' });
    expect(await isKept(exporting)).toBe(false);
    expect((await getRequest(exporting)).closing).toMatchObject({ by: erasing });
  });

  it('are deleted all the same when the function dies before any of its changes', async () => {
    const ends = new Map<string, number[]>();
    for (let change = 1, died = true; died; change += 1) {
      const { erasing, exporting } = await answered('purge');
      died = await diesBefore(change, () => loop.steps.settlePackages(erasing, 1));
      expect(await loop.steps.settlePackages(erasing, 1)).toEqual({ outcome: 'settled' });
      const end = {
        left: await versionsBelow(`packages/${exporting}/`),
        reason: (await getRequest(exporting)).closing?.reasonCode,
        erasing: await eventsOf(erasing),
        exporting: await eventsOf(exporting),
      };
      ends.set(JSON.stringify(end), [...(ends.get(JSON.stringify(end)) ?? []), change]);
    }
    expect([...ends.values()].flat().length).toBeGreaterThan(3);
    expect([...ends.keys()].map((end) => JSON.parse(end))).toEqual([
      {
        ...{ left: 0, reason: 'subjectErased' },
        ...{ erasing: ['purgePackages', 'waitAnswered'], exporting: ['closingDecided'] },
      },
    ]);
  });

  it('stay when the answer is that the erasure is held or closed', async () => {
    for (const option of ['held', 'cancelled', 'refused']) {
      const { erasing, exporting } = await answered(option);
      await expect(loop.steps.settlePackages(erasing, 1)).rejects.toThrow('neither closing nor');
      expect(await isKept(exporting)).toBe(true);
    }
  });

  it('stay when the erasure is closed, whatever was said of them before', async () => {
    const { erasing, exporting } = await answered('purge');
    const at = new Date().toISOString();
    await changed(erasing, { closing: { ...closing, at } });
    expect(await loop.steps.settlePackages(erasing, 1)).toEqual({ outcome: 'closing' });
    expect(await isKept(exporting)).toBe(true);
  });

  it('are not waited for once the last export has ended, whoever was to tell', async () => {
    const { erasing, exporting } = await answered('waitForDownload');
    await changed(exporting, { outcome: 'delivered' });
    expect(await loop.steps.settlePackages(erasing, 1)).toEqual({ outcome: 'settled' });
  });
});
