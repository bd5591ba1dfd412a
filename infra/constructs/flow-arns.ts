import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Names the ASL file, the handlers file, the test and the state machine. */
export const FLOWS = [
  'delete-customer-data',
  'verify-sources',
  'refresh-cycle',
  'clean-up-inactive-data',
  'export-data',
  'gather-exports',
] as const;
export type FlowName = (typeof FLOWS)[number];

/** A name made from the stack's, so that steps know the ARN of the flow that calls them. */
export const flowStateMachineName = (scope: Construct, flow: FlowName): string =>
  `${Stack.of(scope).stackName}-${flow}`;

export const flowArn = (scope: Construct, flow: FlowName): string =>
  statesArn(scope, 'stateMachine', flowStateMachineName(scope, flow));

/** Every execution of one flow. */
export const executionsArn = (scope: Construct, flow: FlowName): string =>
  statesArn(scope, 'execution', `${flowStateMachineName(scope, flow)}:*`);

/** Those that a Distributed Map of the flow starts: each item is an execution of its own. */
export const childExecutionsArn = (scope: Construct, flow: FlowName): string =>
  statesArn(scope, 'execution', `${flowStateMachineName(scope, flow)}/*:*`);

const statesArn = (scope: Construct, resource: string, resourceName: string): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource,
    resourceName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
