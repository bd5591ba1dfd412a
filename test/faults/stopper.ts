import { setTimeout } from 'node:timers/promises';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { executionArn } from '../../lambdas/adapters/executions.ts';
import { LINE_NAMES, LINES, type LineName } from '../../lambdas/domain/turn.ts';
import { attemptArn, platform, statusOf, stepFunctions } from '../flows/scene.ts';
import { journal, letGo } from './world.ts';

const by = 'fault-tests';

/** Which flow takes the turns of a line. */
export const FLOW_OF: Record<LineName, string> = {
  cycles: 'RefreshCycleArn',
  verification: 'VerifySourcesArn',
  gatherings: 'GatherExportsArn',
};

/**
 * Somebody stops each execution in the console while the step is at work that is held, and
 * resumes the lines when they have stopped for good.
 * @param stopped what was stopped, `<step>`, in order; it grows meanwhile
 */
export async function stopWhatIsHeld(stopped: string[], ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    for (const { step, held } of journal()) {
      if (held === undefined || stopped.includes(step)) continue;
      await stop(held);
      letGo(step);
      stopped.push(step);
    }
    for (const target of LINE_NAMES) await platform.desk.resume({ target, by }).catch(() => {});
    await setTimeout(500);
  }
}

/** @param held a turn, a run of the clean-up, or a request, of which the latest execution is meant */
export async function stop(held: string): Promise<void> {
  const arn = await executionOf(held);
  await stepFunctions().send(new StopExecutionCommand({ executionArn: arn }));
}

async function executionOf(held: string): Promise<string> {
  const of = (flow: string, name: string) => executionArn(platform.outputs[flow] ?? '', name);
  const line = LINE_NAMES.find((one) => held.startsWith(`${LINES[one].prefix}-`));
  if (line) return of(FLOW_OF[line], held);
  if (held.startsWith('run-')) return of('CleanUpInactiveDataArn', held);
  const { request } = await statusOf(held);
  return attemptArn(held, request.attempt, request.kind);
}
