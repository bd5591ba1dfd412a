import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';

/** What one execution did. */
export interface Execution {
  name: string;
  /** States entered outside of Maps; of those within, the emulator's histories name none. */
  entered: number;
  /** How often each step was taken to its end, within Maps too. */
  steps: Map<string, number>;
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
  const steps = await stepsTaken(new CloudWatchLogsClient(connection));
  const found: Execution[] = [];
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn }))
    for (const { executionArn, name = '', startDate } of executions) {
      if (startDate && startDate < since) continue;
      let entered = 0;
      const pages = paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn });
      for await (const { events = [] } of pages)
        entered += events.filter(({ type }) => type?.endsWith('StateEntered')).length;
      found.push({ name, entered, steps: steps.get(name) ?? new Map() });
    }
  return found;
}

/**
 * By the execution of a cycle or pass: each step says once in its log that it has ended. What the
 * emulator turned away, because too many functions ran, is not among them.
 */
async function stepsTaken(client: CloudWatchLogsClient): Promise<Map<string, Map<string, number>>> {
  const taken = new Map<string, Map<string, number>>();
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {}))
    for (const { logGroupName } of logGroups)
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
        for (const { message = '' } of events) {
          const { message: step, level, passId, cycleId } = parsed(message);
          const execution = passId ?? cycleId;
          if (!step || !execution || level !== 'INFO') continue;
          const steps = taken.get(execution) ?? new Map<string, number>();
          taken.set(execution, steps.set(step, (steps.get(step) ?? 0) + 1));
        }
  return taken;
}

function parsed(line: string): Record<string, string | undefined> {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}

export const stepsIn = (executions: Execution[], step: string): number =>
  executions.reduce((sum, { steps }) => sum + (steps.get(step) ?? 0), 0);
