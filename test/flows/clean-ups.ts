import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { until } from '../../infra/local/patience.ts';
import { executionArn } from '../../lambdas/adapters/executions.ts';
import type { CleanUpReport } from '../../lambdas/domain/clean-up-report.ts';
import { platform, stepFunctions } from './scene.ts';
import { overwrite, rowOf, rowsOf } from './tables.ts';

const DAY = 86_400_000;
const longAgo = () => new Date(Date.now() - 31 * DAY).toISOString();

/** What time would do: every snapshot that is not active was superseded long ago. */
export async function aMonthPasses(): Promise<void> {
  const snapshots = await rowsOf<{ sk: string; supersededAt?: string; emptiedAt?: string }>(
    'Catalog',
    'SNAPSHOT',
  );
  for (const { sk, supersededAt, emptiedAt } of snapshots)
    if (supersededAt && !emptiedAt)
      await overwrite('Catalog', { pk: 'SNAPSHOT', sk }, { supersededAt: longAgo() });
}

/** Where it is written which snapshot is active. */
export const ACTIVE = { pk: 'POINTER', sk: 'ACTIVE' };

const flow = () => platform.outputs.CleanUpInactiveDataArn ?? '';
let named = 0;

/** A run by this caller’s own name, as the schedule would start it. @returns its id */
export async function startCleanUp(): Promise<string> {
  named += 1;
  const name = `run-FLOW-TEST-${named}`;
  const input = JSON.stringify({ runId: name, by: 'flow-tests' });
  await stepFunctions().send(new StartExecutionCommand({ stateMachineArn: flow(), name, input }));
  return name;
}

/** How its execution ended: its status, and the name of its error. */
export const cleanUpExecution = (runId: string): Promise<string> =>
  until(
    `${runId} ended`,
    async () => {
      const { status, error } = await stepFunctions().send(
        new DescribeExecutionCommand({ executionArn: executionArn(flow(), runId) }),
      );
      return status === 'RUNNING' ? undefined : `${status}${error ? ` ${error}` : ''}`;
    },
    900,
  );

/** The same, and its report. */
export async function cleanUpEnded(
  runId: string,
): Promise<{ execution: string; report: CleanUpReport }> {
  const execution = await cleanUpExecution(runId);
  const report = await platform.desk.cleanUp(runId);
  if (!report) throw new Error(`${runId} has no report.`);
  return { execution, report };
}

export const inactivePartitions = async () => {
  const active = await rowOf<{ snapshotId: string }>('Catalog', ACTIVE.pk, ACTIVE.sk);
  const snapshot = await rowOf<{ partitions: Record<string, string> }>(
    'Catalog',
    'SNAPSHOT',
    active?.snapshotId ?? '',
  );
  const rows = await rowsOf<{ source: string; partitionId: string; prefix: string; state: string }>(
    'Catalog',
    'PARTITION',
  );
  return rows.filter(({ source, partitionId }) => snapshot?.partitions[source] !== partitionId);
};
