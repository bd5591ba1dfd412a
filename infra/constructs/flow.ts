import { readFileSync } from 'node:fs';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import {
  childExecutionsArn,
  executionsArn,
  type FlowName,
  flowArn,
  flowStateMachineName,
} from './flow-arns.ts';
import { allow, throughKey } from './grants.ts';
import { Handlers, type HandlersProps } from './handlers.ts';
import { DUE_LIST } from './lake-grants.ts';
import type { Stores } from './stores.ts';

/**
 * One state machine from `statemachines/<flow>.asl.json`: each `${step}` there is the function on
 * the export of that name in `lambdas/handlers/<flow>.ts`; `${requestsTable}` is the table, and
 * `${lakeBucket}` the bucket where a Distributed Map reads its list.
 * @throws Error naming a step that only one of the flow and `permissions.ts` knows
 */
export class Flow extends Handlers {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, flow: FlowName, props: HandlersProps & { stores: Stores }) {
    super(scope, flow, props);
    const { requests } = props.stores.tables;
    const { lake } = props.stores;
    const asl = readFileSync(
      new URL(`../../statemachines/${flow}.asl.json`, import.meta.url),
      'utf8',
    );
    const tokens = tokensOf(asl);
    const unused = this.steps.filter((step) => !tokens.has(step));
    if (unused.length > 0)
      throw new Error(
        `infra/permissions.ts names steps that statemachines/${flow}.asl.json does not: ` +
          `${unused.join(', ')}.`,
      );
    const waits = tokens.delete('requestsTable');
    const readsList = tokens.delete('lakeBucket');
    const names: Record<string, string> = {
      requestsTable: requests.tableName,
      lakeBucket: lake.bucketName,
    };
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: {
        flow: new PolicyDocument({
          statements: [
            allow(
              ['lambda:InvokeFunction'],
              this.functions.map(({ functionArn }) => functionArn),
            ),
            ...(waits
              ? [
                  allow(['dynamodb:UpdateItem'], [requests.tableArn]),
                  throughKey(props, 'dynamodb', ['kms:Decrypt']),
                ]
              : []),
            ...(readsList
              ? [
                  allow(['s3:GetObject'], [lake.arnForObjects(DUE_LIST)]),
                  throughKey(props, 's3', ['kms:Decrypt']),
                  // A Distributed Map starts, looks at and stops executions of its own flow.
                  allow(['states:StartExecution'], [flowArn(this, flow)]),
                  allow(
                    ['states:DescribeExecution', 'states:StopExecution'],
                    [executionsArn(this, flow), childExecutionsArn(this, flow)],
                  ),
                  // An operator's redrive of a run redrives its children.
                  allow(['states:RedriveExecution'], [childExecutionsArn(this, flow)]),
                ]
              : []),
          ],
        }),
      },
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: flowStateMachineName(this, flow),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(
        asl.replaceAll(
          /\$\{(\w+)\}/g,
          (_, token: string) => names[token] ?? this.function(token).functionArn,
        ),
      ),
      role,
      removalPolicy: props.lifetime.removalPolicy,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: false,
        destination: new LogGroup(this, 'Log', {
          retention: props.lifetime.logRetention,
          removalPolicy: props.lifetime.removalPolicy,
        }),
      },
    });
  }
}

/** The names in `${…}`. */
export const tokensOf = (asl: string): Set<string> =>
  new Set([...asl.matchAll(/\$\{(\w+)\}/g)].map(([, token]) => token ?? ''));
