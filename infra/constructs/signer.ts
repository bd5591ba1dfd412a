import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { type FlowName, flowArn } from './flow-arns.ts';
import { Handlers, type HandlersProps } from './handlers.ts';

/** Flows that complete something which evidence is asked of. */
const COMPLETING: FlowName[] = ['delete-customer-data'];

/** Signs the heads of the ledger: each hour, and when a request has ended. */
export class Signer extends Handlers {
  readonly signHeads: LambdaFunction;

  constructor(scope: Construct, props: HandlersProps) {
    super(scope, 'evidence', props);
    this.signHeads = this.function('signHeads');
    new Schedule(this, 'EachHour', {
      description: 'Signs what the ledger has come to.',
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      target: new LambdaInvoke(this.signHeads, {
        input: ScheduleTargetInput.fromObject({}),
        // The next hour does what a missed one would have done.
        retryAttempts: 2,
        maxEventAge: Duration.hours(1),
      }),
    });
    // By a rule, and not by the flow: what cannot be signed just now has been closed all the same.
    new Rule(this, 'RequestEnded', {
      description: 'The execution of a request has ended.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: COMPLETING.map((flow) => flowArn(this, flow)),
        },
      },
      targets: [
        new FunctionTarget(this.signHeads, { retryAttempts: 2, maxEventAge: Duration.hours(1) }),
      ],
    });
  }
}
