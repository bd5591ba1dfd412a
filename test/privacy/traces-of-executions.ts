import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { Connection } from '../../infra/local/connection.ts';
import type { Trace } from './search.ts';

/** Names, inputs, outputs, causes and histories of all executions of all state machines. */
export async function* tracesOfExecutions(connection: Connection): AsyncGenerator<Trace> {
  const client = new SFNClient(connection);
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  for (const { stateMachineArn } of stateMachines)
    for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn }))
      for (const { executionArn } of executions) yield* tracesOfExecution(client, executionArn);
}

async function* tracesOfExecution(
  client: SFNClient,
  executionArn: string | undefined,
): AsyncGenerator<Trace> {
  const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
  yield { place: `execution ${execution.name}`, text: JSON.stringify(execution) };
  const history = paginateGetExecutionHistory(
    { client, pageSize: 1000 },
    { executionArn, includeExecutionData: true },
  );
  for await (const { events } of history)
    yield { place: `history of ${execution.name}`, text: JSON.stringify(events) };
}
