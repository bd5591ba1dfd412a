import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import {
  ACTIVE,
  aMonthPasses,
  cleanUpEnded,
  inactivePartitions,
  startCleanUp,
} from './clean-ups.ts';
import { statesNotEntered } from './entered-states.ts';
import { bytesOf, refresh, untilNoCycleRuns } from './refreshes.ts';
import { openScene, platform } from './scene.ts';
import { patienceMs } from './side-by-side.ts';
import { ledgerOf, overwrite, putRow, removeRow, rowOf } from './tables.ts';

const hold = { pk: 'HOLD', sk: 'flow-tests' };

let own: OwnPlatform;
beforeAll(async () => {
  // Its flow waits for minutes, and tries a copy again for minutes more.
  const environment = { SFN_WAIT_SCALE: '0.05' };
  own = await ownPlatform({ alsoInSources: async () => {}, environment });
  openScene(own.platform);
  await refresh('crm');
  await untilNoCycleRuns();
}, patienceMs);
afterAll(() => own?.stop());

describe('a clean-up', () => {
  it(
    'deletes nothing when it cannot tell what is active',
    async () => {
      await untilNoCycleRuns();
      await refresh('web_events');
      await untilNoCycleRuns();
      await aMonthPasses();
      const before = await inactivePartitions();
      const { snapshotId } = (await rowOf<{ snapshotId: string }>(
        'Catalog',
        ACTIVE.pk,
        ACTIVE.sk,
      )) ?? { snapshotId: '' };
      await overwrite('Catalog', ACTIVE, { snapshotId: 'c-99999' });
      try {
        const { execution, report } = await cleanUpEnded(await startCleanUp());
        expect(execution).toBe('FAILED PointerUnreadable');
        expect(report).toMatchObject({ status: 'stopped', reason: 'activeSnapshotMissing' });
      } finally {
        await overwrite('Catalog', ACTIVE, { snapshotId });
      }
      expect(await inactivePartitions()).toEqual(before);
    },
    patienceMs,
  );

  it(
    'keeps what somebody holds after it was listed',
    async () => {
      const runId = await startCleanUp();
      await until('it is listed', async () => {
        const row = await rowOf<{ due: number }>('Catalog', 'CLEANUP', runId);
        return row && row.due > 0 ? true : undefined;
      });
      await putRow('Catalog', { ...hold, requestId: 'flow-tests', since: '', copies: 'all' });
      const { execution, report } = await cleanUpEnded(runId);
      await removeRow('Catalog', hold);
      expect(execution).toBe('SUCCEEDED');
      expect(report.kept).toBeGreaterThan(0);
      expect(report.keptCopies.map(({ reason }) => reason)).toContain('legalHold');
    },
    patienceMs,
  );

  it(
    'deletes the rest where one copy cannot be deleted, and fails by name',
    async () => {
      const [broken] = await inactivePartitions();
      if (!broken) throw new Error('Something should be left.');
      const key = { pk: 'PARTITION', sk: `${broken.source}#${broken.partitionId}` };
      await overwrite('Catalog', key, { prefix: 'nowhere/' });
      const { execution, report } = await cleanUpEnded(await startCleanUp());
      await overwrite('Catalog', key, { prefix: broken.prefix });
      expect(execution).toBe('FAILED SomethingIsLeft');
      expect(report).toMatchObject({ status: 'incomplete', failed: 1 });
      expect(report.keptCopies).toMatchObject([
        { copy: `source ${broken.source} ${broken.partitionId}`, reason: 'failed' },
      ]);
      expect(await inactivePartitions()).toHaveLength(1);
    },
    patienceMs,
  );

  it(
    'waits for another, and leaves what is active as it was',
    async () => {
      const segment = await bytesOf('spring_campaign');
      const dry = await platform.desk.previewCleanUp();
      expect(dry).toMatchObject({ outcome: 'listed', due: 1 });
      const { runId } = await platform.desk.startCleanUp({ by: 'flow-tests' });
      const runs = await Promise.all([runId, await startCleanUp()].map(cleanUpEnded));
      expect(runs.map(({ execution }) => execution)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
      expect(runs.reduce((sum, { report }) => sum + (report.deleted ?? 0), 0)).toBe(1);
      expect(await inactivePartitions()).toEqual([]);
      expect((await bytesOf('spring_campaign')).equals(segment)).toBe(true);
      expect((await ledgerOf(`clean-up/${runId}`)).map(({ event }) => event)).toEqual(
        expect.arrayContaining(['cleanUpBegun', 'cleanUpListed', 'cleanUpEnded']),
      );
    },
    patienceMs,
  );

  it(
    'enters every state of its flow',
    async () => {
      expect(await statesNotEntered(['clean-up-inactive-data'])).toEqual([]);
    },
    patienceMs,
  );
});
