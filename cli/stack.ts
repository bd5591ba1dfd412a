import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CommandError } from './command-error.ts';
import type { Connection } from './connection.ts';
import { inWords } from './failures.ts';
import { functionFault } from './function-fault.ts';

/** A deployed stack, known by its outputs, with the caller's credentials. */
export interface Stack {
  /** Invokes the function that an output names. @throws CommandError for every failure */
  invoke(outputName: string, input: unknown): Promise<unknown>;
  /** What an output says: the name of a table, of a bucket. @throws CommandError */
  output(name: string): Promise<string>;
  callerArn(): Promise<string>;
}

export function openStack(connection: Connection): Stack {
  const client = {
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
    ...(connection.region === undefined ? {} : { region: connection.region }),
    ...(connection.credentials === undefined ? {} : { credentials: connection.credentials }),
    requestHandler: { connectionTimeout: 5_000 },
  };
  const lambda = new LambdaClient(client);
  let outputs: Promise<Map<string, string>> | undefined;

  async function describe(): Promise<Map<string, string>> {
    const { Stacks = [] } = await new CloudFormationClient(client).send(
      new DescribeStacksCommand({ StackName: connection.stackName }),
    );
    return new Map(
      (Stacks[0]?.Outputs ?? []).flatMap(({ OutputKey: name, OutputValue: value }) =>
        name === undefined || value === undefined ? [] : [[name, value] as const],
      ),
    );
  }

  async function output(name: string): Promise<string> {
    outputs ??= describe();
    const value = (await outputs).get(name);
    if (value !== undefined) return value;
    throw new CommandError(
      'fault',
      `The stack ${connection.stackName} has no output ${name}. Deploy it again, or name another with --stack.`,
    );
  }

  async function invoke(outputName: string, input: unknown): Promise<unknown> {
    const functionName = await output(outputName);
    const { FunctionError: failed, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(input) }),
    );
    const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
    if (failed !== undefined) throw functionFault(outputName, answer);
    return answer;
  }

  async function callerArn(): Promise<string> {
    const { Arn = '' } = await new STSClient(client).send(new GetCallerIdentityCommand({}));
    return Arn;
  }

  const orInWords = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw inWords(error, connection);
    });

  return {
    invoke: (outputName, input) => orInWords(invoke(outputName, input)),
    output: (name) => orInWords(output(name)),
    callerArn: () => orInWords(callerArn()),
  };
}
