import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a function answers to an input: a value, or `failed(…)`. */
export type FakeFunctions = Record<string, (input: unknown) => unknown>;

/** An answer as the Lambda runtime gives it for an error that was thrown. */
export const failed = (errorType: string, errorMessage: string) => ({
  [FAILURE]: { errorType, errorMessage, trace: [] },
});
const FAILURE = Symbol('failure');

/**
 * CloudFormation, STS and Lambda over HTTP, as far as a caller with one stack `dsr-demo` sees them:
 * each function has an output `<name>Function`, and the physical name `fn-<name>`.
 */
export async function startFakeAws(functions: FakeFunctions, callerArn: string) {
  const invoked: { name: string; input: unknown }[] = [];

  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = await text(request);
    const name = /^\/2015-03-31\/functions\/fn-(\w+)\/invocations/.exec(request.url ?? '')?.[1];
    if (name !== undefined) return invoke(name, body, response);
    const wish = new URLSearchParams(body);
    return wish.get('Action') === 'DescribeStacks'
      ? describe(wish.get('StackName') ?? '', response)
      : xml(response, 200, callerIdentity(callerArn));
  }

  function invoke(name: string, body: string, response: ServerResponse) {
    const input: unknown = JSON.parse(body);
    invoked.push({ name, input });
    const answered = functions[name]?.(input) ?? null;
    const failure = (answered as { [FAILURE]?: unknown } | null)?.[FAILURE];
    response.writeHead(200, {
      'content-type': 'application/json',
      ...(failure === undefined ? {} : { 'x-amz-function-error': 'Unhandled' }),
    });
    response.end(JSON.stringify(failure ?? answered));
  }

  function describe(stackName: string, response: ServerResponse) {
    return stackName === 'dsr-demo'
      ? xml(response, 200, stackWithOutputs(Object.keys(functions)))
      : xml(response, 400, noSuchStack(stackName));
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    invoked,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function xml(response: ServerResponse, status: number, body: string) {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
}

const stackWithOutputs = (names: string[]) =>
  `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>dsr-demo</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-23T10:00:00Z</CreationTime><Outputs>${names
    .map(
      (name) =>
        `<member><OutputKey>${name}Function</OutputKey><OutputValue>fn-${name}</OutputValue></member>`,
    )
    .join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const noSuchStack = (name: string) =>
  `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error><RequestId>r</RequestId></ErrorResponse>`;

const callerIdentity = (arn: string) =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>AROAEXAMPLE</UserId><Account>000000000000</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
