import {
  type HistoryEvent,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';

/** What one execution did, as its history has it. */
export interface Execution {
  name: string;
  /** States entered outside of Maps; of those within, the emulator names none. */
  entered: string[];
  /** Tasks begun, within Maps too, by the step that they call. */
  tasks: Map<string, number>;
}

const FLOWS = {
  requests: 'DeleteCustomerDataArn',
  passes: 'VerifySourcesArn',
  cycles: 'RefreshCycleArn',
} as const;

/** The executions of one flow that were started since then. */
export async function executionsOf(
  { connection, outputs }: RunningPlatform,
  flow: keyof typeof FLOWS,
  since: Date,
): Promise<Execution[]> {
  const client = new SFNClient(connection);
  const stateMachineArn = outputs[FLOWS[flow]] ?? '';
  const found: Execution[] = [];
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn }))
    for (const { executionArn, name = '', startDate } of executions) {
      if (startDate && startDate < since) continue;
      const events: HistoryEvent[] = [];
      const pages = paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn });
      for await (const page of pages) events.push(...(page.events ?? []));
      found.push(executionFrom(name, events));
    }
  return found;
}

function executionFrom(name: string, events: HistoryEvent[]): Execution {
  const tasks = new Map<string, number>();
  for (const { taskScheduledEventDetails: task } of events) {
    const step = /(?:verifysources|refreshcycle|deletecustomerdata)(\w+?)Function/.exec(
      task?.resource ?? '',
    )?.[1];
    if (step) tasks.set(step, (tasks.get(step) ?? 0) + 1);
  }
  return {
    name,
    entered: events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []),
    tasks,
  };
}

export const tasksOf = (executions: Execution[], step: string): number =>
  executions.reduce((sum, { tasks }) => sum + (tasks.get(step) ?? 0), 0);
