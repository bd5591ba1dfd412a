import { beforeAll, describe, expect, it } from '@jest/globals';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { changedRequest, getRequest } from '../../lambdas/adapters/requests.ts';
import { newResult } from '../../lambdas/adapters/results.ts';
import { answer, newWait, waitKey } from '../../lambdas/adapters/waits.ts';
import type { RequestId } from '../../lambdas/domain/ids.ts';
import { versionsBelow } from '../adapters/versions.ts';
import { aLoop, anErasure, aRequest, type Loop, packed } from './a-loop.ts';

let loop: Loop;
beforeAll(async () => {
  loop = await aLoop();
}, 600_000);

const NAME = 'openPackages';

/** An erasure that has found an export of the same person, and whose question has this answer. */
async function answered(option: string) {
  const exporting = await aRequest('access');
  await packed(exporting);
  const erasing = await anErasure();
  const now = new Date();
  const on = 'tenantAdmin' as const;
  const wait = {
    ...{ owner: erasing, name: NAME, round: 1, kind: NAME as 'openPackages', on, role: on },
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
