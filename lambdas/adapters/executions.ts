import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { ExecutionState } from '../domain/restart.ts';
import { awsClient } from './aws-clients.ts';

const sfn = new SFNClient(awsClient);

/** Starts an execution under its name; one that exists already is fine, as its name says what it does. */
export async function startExecution(
  stateMachineArn: string,
  name: string,
  input: Record<string, unknown>,
): Promise<void> {
  try {
    await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

export async function executionState(
  stateMachineArn: string,
  name: string,
): Promise<ExecutionState> {
  try {
    const { status } = await sfn.send(
      new DescribeExecutionCommand({ executionArn: executionArn(stateMachineArn, name) }),
    );
    if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'running';
    return status === 'SUCCEEDED' ? 'succeeded' : 'died';
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return 'missing';
    throw error;
  }
}

/** The names of all running executions of one flow: one call a thousand, for the sweeper. */
export async function runningExecutions(stateMachineArn: string): Promise<Set<string>> {
  const names = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new ListExecutionsCommand({
        stateMachineArn,
        statusFilter: 'RUNNING',
        maxResults: 1000,
        nextToken,
      }),
    );
    for (const { name } of page.executions ?? []) if (name) names.add(name);
    nextToken = page.nextToken;
  } while (nextToken);
  return names;
}

/** Wakes a waiting state. The answer itself is in its row; a token that is gone is no error. */
export async function wake(taskToken: string): Promise<void> {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
  } catch (error) {
    const gone =
      error instanceof TaskTimedOut ||
      error instanceof TaskDoesNotExist ||
      error instanceof InvalidToken;
    if (!gone) throw error;
  }
}

/** `arn:…:stateMachine:<flow>` and a name make `arn:…:execution:<flow>:<name>`. */
export const executionArn = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
