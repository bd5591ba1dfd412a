import { setTimeout as pause } from 'node:timers/promises';
import type { RequestStatusReport } from '../lambdas/domain/desk-reports.ts';
import { clockHere } from './clock.ts';
import type { Desk } from './desk.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { happenings, standing } from './render/progress.ts';
import { renderStatus } from './render/status.ts';
import { waitsForPerson } from './render/wait.ts';
import { noSuchRequest, type Reply, reply } from './reply.ts';
import type { Screen } from './screen.ts';

/** Follows a request until it is closed, or until nothing goes on without a person. */
export async function watch(
  desk: Pick<Desk, 'status'>,
  requestId: string,
  screen: Screen,
  everySeconds: number,
): Promise<Reply> {
  const told = new Set<string>();
  for (;;) {
    const report = await desk.status(requestId);
    if (report === undefined) return noSuchRequest(requestId);
    const clock = clockHere();
    for (const words of happenings(report, clock).filter((line) => !told.has(line))) {
      told.add(words);
      screen.say(words);
    }
    const exitCode = exitCodeOf(report);
    if (exitCode !== undefined) {
      screen.clear();
      return reply(report, renderStatus(report, clock), exitCode);
    }
    screen.progress(standing(report, clock));
    await pause(everySeconds * 1000);
  }
}

/** `undefined`: not over yet. */
function exitCodeOf({ request, waits }: RequestStatusReport): ExitCode | undefined {
  if (request.status === 'closed') {
    return ['erased', 'nothingHeld', 'delivered'].includes(request.outcome ?? '')
      ? EXIT.done
      : EXIT.notErased;
  }
  return waits.some(waitsForPerson) ? EXIT.waitsForPerson : undefined;
}
