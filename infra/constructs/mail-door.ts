import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { CfnReceiptRule, CfnReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
} from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { EVENT_LIVES_HOURS, INBOUND_PREFIX } from '../../lambdas/domain/mail/inbound.ts';
import type { Platform } from '../../lambdas/domain/platform.ts';
import { Handlers, type HandlersProps } from './handlers.ts';
import { type InboundMail, receiptRuleArn, receiptRuleNames } from './inbound-mail.ts';

export interface MailDoorProps extends HandlersProps {
  door: NonNullable<Platform['mailDoor']>;
  inboundMail: InboundMail;
  /** What could not be handled, however often it was tried. */
  undelivered: IQueue;
  /** Makes the rule set the account's active one in this region, of which there is one. */
  activate: boolean;
}

/** What comes in by mail: SES stores the raw message, then calls the function. */
export class MailDoor extends Handlers {
  /** Of the custom resource that activates the rules, if any. */
  readonly activation?: AwsCustomResource;

  constructor(scope: Construct, props: MailDoorProps) {
    super(scope, 'mail', props);
    const { door, inboundMail, undelivered, activate } = props;
    const receive = this.function('receiveMail');
    const names = receiptRuleNames(this);
    receive.addPermission('FromSes', {
      principal: new ServicePrincipal('ses.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: receiptRuleArn(this),
    });
    receive.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(EVENT_LIVES_HOURS),
      onFailure: new SqsDestination(undelivered),
    });
    this.readAgain();
    const ruleSet = new CfnReceiptRuleSet(this, 'RuleSet', { ruleSetName: names.ruleSet });
    const rule = new CfnReceiptRule(this, 'Rule', {
      ruleSetName: ruleSet.ref,
      rule: {
        name: names.rule,
        enabled: true,
        recipients: [door.address],
        scanEnabled: true,
        tlsPolicy: 'Require',
        // In this order: the event has no body, and the function looks for the stored message.
        actions: [
          {
            s3Action: { bucketName: inboundMail.bucketName, objectKeyPrefix: INBOUND_PREFIX },
          },
          { lambdaAction: { functionArn: receive.functionArn, invocationType: 'Event' } },
        ],
      },
    });
    // SES tries both when the rule is made.
    rule.node.addDependency(inboundMail, receive);
    if (activate) this.activation = this.activated(rule, names.ruleSet);
  }

  /** What came to no end; the next call does what a missed one would have done. */
  private readAgain(): void {
    const reread = this.function('rereadMail');
    const once = { retryAttempts: 0, maxEventAge: Duration.minutes(5) };
    reread.configureAsyncInvoke(once);
    new Schedule(this, 'ReadAgain', {
      description: 'Looks for mail that was left lying.',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
      target: new LambdaInvoke(reread, { input: ScheduleTargetInput.fromObject({}), ...once }),
    });
  }

  private activated(rule: CfnReceiptRule, RuleSetName: string): AwsCustomResource {
    const activation = new AwsCustomResource(this, 'Activation', {
      onUpdate: {
        service: 'SES',
        action: 'setActiveReceiptRuleSet',
        parameters: { RuleSetName },
        physicalResourceId: PhysicalResourceId.of(RuleSetName),
      },
      // An active set cannot be deleted.
      onDelete: { service: 'SES', action: 'setActiveReceiptRuleSet', parameters: {} },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['ses:SetActiveReceiptRuleSet'], resources: ['*'] }),
      ]),
      installLatestAwsSdk: false,
    });
    activation.node.addDependency(rule);
    return activation;
  }
}
