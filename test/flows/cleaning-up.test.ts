import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../infra/local/patience.ts';
import type { CleanUpReport } from '../../lambdas/domain/clean-up-report.ts';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import { statesNotEntered } from './entered-states.ts';
import { bytesOf, refresh, untilNoCycleRuns } from './refreshes.ts';
import { openScene, platform, stepFunctions } from './scene.ts';
import { patienceMs } from './side-by-side.ts';
import { ledgerOf, overwrite, putRow, removeRow, rowOf, rowsOf } from './tables.ts';

const DAY = 86_400_000;
const longAgo = () => new Date(Date.now() - 31 * DAY).toISOString();
const pointer = { pk: 'POINTER', sk: 'ACTIVE' };
const hold = { pk: 'HOLD', sk: 'flow-tests' };

/** What time would do: every snapshot that is not active was superseded long ago. */
async function timePasses(): Promise<void> {
  const snapshots = await rowsOf<{ sk: string; supersededAt?: string; emptiedAt?: string }>(
    'Catalog',
    'SNAPSHOT',
  );
  for (const { sk, supersededAt, emptiedAt } of snapshots)
    if (supersededAt && !emptiedAt)
      await overwrite('Catalog', { pk: 'SNAPSHOT', sk }, { supersededAt: longAgo() });
}

const flow = () => platform.outputs.CleanUpInactiveDataArn ?? '';
let named = 0;

async function start(): Promise<string> {
  named += 1;
  const name = `run-FLOW-TEST-${named}`;
  const input = JSON.stringify({ runId: name, by: 'flow-tests' });
  await stepFunctions().send(new StartExecutionCommand({ stateMachineArn: flow(), name, input }));
  return name;
}

/** How its execution ended, and its report. */
async function ended(runId: string): Promise<{ execution: string; report: CleanUpReport }> {
  const executionArn = `${flow().replace(':stateMachine:', ':execution:')}:${runId}`;
  const execution = await until(
    `${runId} ended`,
    async () => {
      const { status, error } = await stepFunctions().send(
        new DescribeExecutionCommand({ executionArn }),
      );
      return status === 'RUNNING' ? undefined : `${status}${error ? ` ${error}` : ''}`;
    },
    900,
  );
  const report = await platform.desk.cleanUp(runId);
  if (!report) throw new Error(`${runId} has no report.`);
  return { execution, report };
}

const inactivePartitions = async () => {
  const active = await rowOf<{ snapshotId: string }>('Catalog', pointer.pk, pointer.sk);
  const snapshot = await rowOf<{ partitions: Record<string, string> }>(
    'Catalog',
    'SNAPSHOT',
    active?.snapshotId ?? '',
  );
  const rows = await rowsOf<{ source: string; partitionId: string; prefix: string }>(
    'Catalog',
    'PARTITION',
  );
  return rows.filter(({ source, partitionId }) => snapshot?.partitions[source] !== partitionId);
};

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
      await timePasses();
      const before = await inactivePartitions();
      const { snapshotId } = (await rowOf<{ snapshotId: string }>(
        'Catalog',
        pointer.pk,
        pointer.sk,
      )) ?? { snapshotId: '' };
      await overwrite('Catalog', pointer, { snapshotId: 'c-99999' });
      try {
        const { execution, report } = await ended(await start());
        expect(execution).toBe('FAILED PointerUnreadable');
        expect(report).toMatchObject({ status: 'stopped', reason: 'activeSnapshotMissing' });
      } finally {
        await overwrite('Catalog', pointer, { snapshotId });
      }
      expect(await inactivePartitions()).toEqual(before);
    },
    patienceMs,
  );

  it(
    'keeps what somebody holds after it was listed',
    async () => {
      const runId = await start();
      await until('it is listed', async () => {
        const row = await rowOf<{ due: number }>('Catalog', 'CLEANUP', runId);
        return row && row.due > 0 ? true : undefined;
      });
      await putRow('Catalog', { ...hold, requestId: 'flow-tests', since: '', copies: 'all' });
      const { execution, report } = await ended(runId);
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
      const { execution, report } = await ended(await start());
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
      const runs = await Promise.all([runId, await start()].map(ended));
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
