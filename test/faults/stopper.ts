import { setTimeout } from 'node:timers/promises';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { executionArn } from '../../lambdas/adapters/executions.ts';
import { isExport } from '../../lambdas/domain/request.ts';
import { LINE_NAMES } from '../../lambdas/domain/turn.ts';
import { platform, statusOf, stepFunctions } from '../flows/scene.ts';
import { journal, letGo } from './world.ts';

const by = 'fault-tests';

/**
 * Somebody stops each execution in the console while the step is at work that is held, and
 * resumes the lines when they have stopped for good.
 * @returns what was stopped, `<step>`, in order
 */
export async function stopWhatIsHeld(ended: AbortSignal): Promise<string[]> {
  const stopped: string[] = [];
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
  return stopped;
}

async function stop(held: string): Promise<void> {
  const arn = await executionOf(held);
  await stepFunctions().send(new StopExecutionCommand({ executionArn: arn }));
}

const FLOWS = {
  'c-': 'RefreshCycleArn',
  'v-': 'VerifySourcesArn',
  'g-': 'GatherExportsArn',
};

async function executionOf(held: string): Promise<string> {
  const ofLine = Object.entries(FLOWS).find(([prefix]) => held.startsWith(prefix));
  if (ofLine) return executionArn(platform.outputs[ofLine[1]] ?? '', held);
  const { request } = await statusOf(held);
  const flow = isExport(request) ? 'ExportDataArn' : 'DeleteCustomerDataArn';
  return executionArn(platform.outputs[flow] ?? '', `${held}-${request.attempt}`);
}
