import {
  GetExecutionHistoryCommand,
  paginateListExecutions,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { until } from '../../infra/local/patience.ts';
import { attemptArn, platform, statusOf, stepFunctions } from '../flows/scene.ts';

/** The state that an execution entered last, and whether it has ended there. */
async function whereItStands(arn: string): Promise<{ state?: string; hasEnded: boolean }> {
  const { events = [] } = await stepFunctions().send(
    new GetExecutionHistoryCommand({ executionArn: arn, maxResults: 1000 }),
  );
  const state = events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
  const hasEnded = /^Execution(?!Started)/.test(events.at(-1)?.type ?? '');
  return { ...(state.length > 0 && { state: state.at(-1) as string }), hasEnded };
}

/** Stops whichever execution rests in that state, once one does, and was there until it ended. */
async function stopOneOf(candidates: () => Promise<string[]>, rest: string): Promise<void> {
  await until(`an execution is stopped in ${rest}`, async () => {
    for (const arn of await candidates()) {
      const { state, hasEnded } = await whereItStands(arn);
      if (state !== rest || hasEnded) continue;
      await stepFunctions().send(new StopExecutionCommand({ executionArn: arn }));
      if ((await whereItStands(arn)).state === rest) return true;
    }
    return undefined;
  });
}

/** Stops the latest execution of a request while it waits in that state. */
export const stopRequestIn = (requestId: string, rest: string): Promise<void> =>
  stopOneOf(async () => {
    const { request } = await statusOf(requestId);
    return [attemptArn(requestId, request.attempt, request.kind)];
  }, rest);

/** Stops a pass, a cycle or a gathering while it sleeps in that state. */
export const stopTurnIn = (
  flow: 'VerifySourcesArn' | 'RefreshCycleArn' | 'GatherExportsArn',
  rest: string,
): Promise<void> =>
  stopOneOf(async () => {
    const running: string[] = [];
    const pages = paginateListExecutions(
      { client: stepFunctions() },
      { stateMachineArn: platform.outputs[flow], statusFilter: 'RUNNING' },
    );
    for await (const { executions = [] } of pages)
      running.push(...executions.flatMap(({ executionArn: arn }) => arn ?? []));
    return running;
  }, rest);
