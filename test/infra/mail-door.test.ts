import { describe, expect, it } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { aPlatform, aStack } from './a-stack.ts';

const template = Template.fromStack(aStack());
const ruleArn = {
  'Fn::Join': [
    '',
    Match.arrayWith([':receipt-rule-set/dsr-test-mail:receipt-rule/dsr-test-receive']),
  ],
};
const fromSes = (action: string | string[]) =>
  Match.objectLike({
    Effect: 'Allow',
    Principal: { Service: 'ses.amazonaws.com' },
    Action: action,
    Condition: {
      StringEquals: {
        'aws:SourceAccount': { Ref: 'AWS::AccountId' },
        'aws:SourceArn': Match.anyValue(),
      },
    },
  });

describe('the mail door', () => {
  it('stores a scanned message that came over TLS, and only then calls the function', () => {
    template.hasResourceProperties('AWS::SES::ReceiptRule', {
      Rule: {
        Enabled: true,
        ScanEnabled: true,
        TlsPolicy: 'Require',
        Recipients: ['privacy@requests.platform.example'],
        Actions: [
          {
            S3Action: {
              BucketName: { Ref: Match.stringLikeRegexp('InboundMail') },
              ObjectKeyPrefix: 'inbound/',
              KmsKeyArn: Match.absent(),
            },
          },
          {
            LambdaAction: {
              FunctionArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('mailreceiveMail'), 'Arn'] },
              InvocationType: 'Event',
            },
          },
        ],
      },
    });
  });

  it('is made after what SES tries when it is made', () => {
    const [rule] = Object.values(template.findResources('AWS::SES::ReceiptRule'));
    const before = JSON.stringify(rule?.DependsOn);
    expect(before).toMatch(/InboundMailPolicy/);
    expect(before).toMatch(/receiveMailFunctionFromSes/);
  });

  it('lets its own rule alone store mail, encrypt it, and call the function', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('InboundMail') },
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([fromSes('s3:PutObject')]) }),
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([fromSes(['kms:Decrypt', 'kms:GenerateDataKey*'])]),
      }),
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'ses.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: ruleArn,
    });
  });

  it('keeps raw mail for two weeks, and no version of it', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [Match.objectLike({ Id: 'mail-goes', ExpirationInDays: 14, Status: 'Enabled' })],
      },
      VersioningConfiguration: Match.absent(),
    });
  });

  it('tries a message three times, and then keeps word of it', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('mailreceiveMail') },
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  it('looks each five minutes for what came to no end', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(5 minutes)',
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('mailrereadMail'), 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 0 },
      },
    });
  });

  it('activates its rules only where that was asked for', () => {
    const activations = (from: Template) => from.findResources('Custom::AWS');
    expect(activations(template)).toEqual({});
    const stack = aStack({ activateMailRules: true });
    const [activation] = Object.values(activations(Template.fromStack(stack)));
    expect(JSON.stringify(activation)).toContain('setActiveReceiptRuleSet');
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });

  it('is not there on a platform without an address for it', () => {
    const { mailDoor: _, ...platform } = aPlatform();
    const without = Template.fromStack(aStack({ platform }));
    without.resourceCountIs('AWS::SES::ReceiptRule', 0);
    expect(JSON.stringify(without.toJSON())).not.toContain('receiveMail');
  });
});
