import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Flow } from './flow.ts';
import type { Signer } from './signer.ts';
import type { Sweeper } from './sweeper.ts';

interface AlarmsProps {
  operator: { email: string };
  /**
   * Flows that fail only by a fault. Not delete-customer-data: an execution of it fails whenever
   * its request ends as `partlyErased`, and a fault of it is mailed as a wait on the operator.
   */
  failOnlyByFault: Flow[];
  cleanUp: Flow;
  sweeper: Sweeper;
  signer: Signer;
}

const sum = { statistic: 'Sum', period: Duration.minutes(5) };

/** What an operator has to hear of even when the flows cannot tell. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { operator, failOnlyByFault, cleanUp, sweeper, signer } = props;
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(operator.email));
    // A policy of its own replaces the one that lets everything in the account publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const alarm = (name: string, metric: IMetric, words: string, own: Partial<AlarmProps> = {}) =>
      new Alarm(this, name, {
        metric,
        alarmDescription: words,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        ...own,
      }).addAlarmAction(new SnsAction(topic));

    for (const flow of failOnlyByFault)
      alarm(
        `${flow.node.id}-failed`,
        flow.stateMachine.metricFailed(sum),
        'An execution failed; the next one is started by itself, three times at most.',
      );
    alarm(
      `${cleanUp.node.id}-failed`,
      cleanUp.stateMachine.metricFailed(sum),
      'The clean-up left something, or could not tell what is active: dsr clean-up show.',
    );
    for (const step of sweeper.steps) {
      const handler = sweeper.function(step);
      const again = { threshold: 3 };
      alarm(`${step}-errors`, handler.metricErrors(sum), `${step} failed: see its log.`, again);
      alarm(
        `${step}-throttles`,
        handler.metricThrottles(sum),
        `${step} had no room to run.`,
        again,
      );
    }
    alarm(
      'nothing-sweeps',
      sweeper.sweep.metricInvocations(sum),
      'No sweep for a quarter of an hour: reminders, deadlines and restarts stand still.',
      {
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 3,
        treatMissingData: TreatMissingData.BREACHING,
      },
    );
    alarm(
      'signing-fails',
      // A call that fails is made twice more.
      signer.signHeads.metricErrors({ statistic: 'Sum', period: Duration.hours(1) }),
      'What the ledger has come to could not be signed: see the log of signHeads.',
      { threshold: 3 },
    );
    alarm(
      'nothing-signs',
      signer.signHeads.metricInvocations({ statistic: 'Sum', period: Duration.days(1) }),
      'For a day, nobody has signed what the ledger has come to.',
      {
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      },
    );
    alarm(
      'undelivered',
      sweeper.undelivered.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      'An event, a schedule or the notice of a returned mail reached no function.',
    );
  }
}
