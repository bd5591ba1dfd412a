import { ulid } from 'ulid';
import { configuration, platformDefinition } from '../../adapters/configuration.ts';
import { startExecution } from '../../adapters/executions.ts';
import { RunId } from '../../domain/ids.ts';

/** A run that exists already is fine: its name says what it is for. */
export const startRun = (runId: RunId, by: string): Promise<void> =>
  startExecution(configuration().flows.cleanUpInactiveData, runId, { runId, by });

/** By hand: a run of its own. */
export async function startRunNow(by: string): Promise<RunId> {
  const runId = RunId.parse(`run-${ulid()}`);
  await startRun(runId, by);
  return runId;
}

/**
 * By the schedule, which may be delivered twice: a run is named by the hour in the platform's time
 * zone. Not by the day, because a platform may be cleaned up more often.
 */
export async function startScheduledRun(now: Date): Promise<RunId> {
  const { timeZone } = platformDefinition().platform;
  const hour = now.toLocaleString('sv-SE', { timeZone, hour12: false }).slice(0, 13);
  const runId = RunId.parse(`run-${hour.replace(' ', 'T')}`);
  await startRun(runId, 'schedule');
  return runId;
}
