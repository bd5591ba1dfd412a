import { setTimeout as pause } from 'node:timers/promises';
import type { CleanUpReport } from '../lambdas/domain/clean-up-report.ts';
import { type Clock, clockHere } from './clock.ts';
import type { Desk } from './desk.ts';
import { EXIT } from './exit-codes.ts';
import { renderCleanUp, standingOfRun } from './render/clean-up.ts';
import { type Reply, reply } from './reply.ts';
import type { Screen } from './screen.ts';

const LOOK_EVERY_MS = 2000;

/** Follows a run until it is over. */
export async function followCleanUp(
  desk: Pick<Desk, 'cleanUp'>,
  runId: string,
  screen: Screen,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<Reply> {
  for (;;) {
    const report = await desk.cleanUp(runId);
    if (report && report.status !== 'running') {
      screen.clear();
      return replyOfRun(report, clockHere());
    }
    screen.progress(standingOfRun(runId, report));
    await pause(lookEveryMs);
  }
}

export const replyOfRun = (report: CleanUpReport, clock: Clock): Reply =>
  reply(
    report,
    renderCleanUp(report, clock),
    report.status === 'done' || report.status === 'running' ? EXIT.done : EXIT.fault,
  );
