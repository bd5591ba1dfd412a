import { Duration, TimeZone } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Platform } from '../../lambdas/domain/platform.ts';
import { FLOWS, flowArn } from './flow-arns.ts';
import { Handlers, type HandlersProps } from './handlers.ts';

/** What nobody calls: the sweep of each minute, the rule on failed executions, the full refresh. */
export class Sweeper extends Handlers {
  /** Events and schedules that reached no function. */
  readonly undelivered: Queue;
  readonly sweep: LambdaFunction;

  constructor(scope: Construct, props: HandlersProps & { platform: Platform }) {
    super(scope, 'sweeper', props);
    const { timeZone, refresh, retention } = props.platform;
    this.sweep = this.function('sweep');
    this.undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });

    // The next sweep does what a missed one would have done.
    this.sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    new Schedule(this, 'EachMinute', {
      description: 'Looks for what was left lying.',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(this.sweep, {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
      }),
    });
    new Schedule(this, 'FullRefresh', {
      description: 'Refreshes every source.',
      schedule: ScheduleExpression.expression(refresh.schedule, TimeZone.of(timeZone)),
      target: new LambdaInvoke(this.function('scheduledRefresh'), {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 5,
        maxEventAge: Duration.hours(1),
        deadLetterQueue: this.undelivered,
      }),
    });
    new Schedule(this, 'CleanUp', {
      description: 'Deletes what has been inactive for long enough.',
      schedule: ScheduleExpression.expression(retention.cleanUpSchedule, TimeZone.of(timeZone)),
      target: new LambdaInvoke(this.function('scheduledCleanUp'), {
        input: ScheduleTargetInput.fromObject({}),
        retryAttempts: 5,
        maxEventAge: Duration.hours(1),
        deadLetterQueue: this.undelivered,
      }),
    });
    new Rule(this, 'ExecutionEnded', {
      description: 'An execution failed, timed out or was stopped.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: FLOWS.map((flow) => flowArn(this, flow)),
        },
      },
      targets: [
        new FunctionTarget(this.function('executionEnded'), {
          retryAttempts: 5,
          maxEventAge: Duration.hours(1),
          deadLetterQueue: this.undelivered,
        }),
      ],
    });
  }
}
