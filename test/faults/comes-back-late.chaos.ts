import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { crmDeletes, signUp } from '../flows/people.ts';
import { refresh, sourceOf } from '../flows/refreshes.ts';
import { certificateOf, holdingsOf, platform, untilClosed } from '../flows/scene.ts';
import { rowsOf } from '../flows/tables.ts';
import { openHaunted, patienceMs, untilHeld } from './haunted-platform.ts';
import { aPerson } from './people.ts';
import { eraseGone, withSweeper } from './story.ts';
import { letGo, makeWorld } from './world.ts';

/** Steps by which every source has been read, so that nothing of who comes back is in the snapshot. */
const afterExtraction = ['buildModel', 'lookAtProof', 'certify'];
const played = afterExtraction.map((step) => ({
  step,
  pair: aPerson(`back-${step.toLowerCase()}`),
}));

let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await openHaunted(played.map(({ pair }) => pair));
}, patienceMs);
afterAll(() => stop?.());

describe('somebody who signs up again after the extraction, before the certificate', () => {
  it.each(played)(
    'during $step is erased as proven, and met by the next refresh',
    async ({ step, pair }) => {
      const { meant: customerId, email } = pair;
      const who = [{ type: 'customer_id', value: customerId }];
      makeWorld({ holds: [step] });
      const { requestId, request, outcome } = await withSweeper(async () => {
        const opened = await eraseGone(pair);
        const comesBack = async () => {
          await untilHeld(step);
          await signUp({ customerId, email });
          letGo(step);
        };
        // Recipients acknowledge meanwhile: what is certified waits for them.
        const [closed] = await Promise.all([untilClosed(opened), comesBack()]);
        return { requestId: opened, ...closed };
      });
      expect({ outcome, rounds: request.round }).toEqual({ outcome: 'erased', rounds: 1 });
      const { refresh: carried, proof } = await certificateOf(requestId);
      expect(carried).toMatchObject({ cycleId: request.cycleId, snapshotId: request.cycleId });
      expect(proof?.found).toEqual([]);

      await refresh('crm');
      expect(await sourceOf('crm')).toMatchObject({ leftOut: 1, resurrected: 1 });
      expect(await holdingsOf(who)).toMatchObject({ sources: { crm: 1 }, tables: {} });
      const report = (await platform.desk.suppressed()).find((one) => one.requestId === requestId);
      expect(report?.wait).toMatchObject({ kind: 'resurrected', role: 'tenantAdmin' });
      expect(await rowsOf('Requests', requestId, 'WAIT#resurrected')).toHaveLength(1);
      await crmDeletes({ customerId } as Pick<Person, 'customerId'>);
    },
    patienceMs,
  );
});
