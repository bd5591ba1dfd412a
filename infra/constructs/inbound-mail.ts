import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { INBOUND_PREFIX } from '../../lambdas/domain/mail/inbound.ts';
import { closedBucket } from './closed-bucket.ts';
import type { Lifetime } from './lifetime.ts';

/** Long enough to look at what lies in quarantine. */
const KEPT_DAYS = 14;

/** `inbound/`: raw mail as SES stores it. It goes by itself, and no version of it stays. */
export class InboundMail extends Bucket {
  constructor(scope: Construct, id: string, props: { lifetime: Lifetime; key: Key }) {
    super(scope, id, {
      ...closedBucket(props.lifetime),
      // SES does not use a bucket key: each message has a data key of its own.
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      lifecycleRules: [
        {
          id: 'mail-goes',
          expiration: Duration.days(KEPT_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    this.addToResourcePolicy(
      fromSes(this, ['s3:PutObject'], this.arnForObjects(`${INBOUND_PREFIX}*`)),
    );
    // The CDK grants nothing of a bucket's key to SES, which then drops the mail.
    props.key.addToResourcePolicy(fromSes(this, ['kms:GenerateDataKey*', 'kms:Decrypt'], '*'));
  }
}

/** By names, so that bucket and rule can each refer to the other. */
export const receiptRuleNames = (scope: Construct) => {
  const { stackName } = Stack.of(scope);
  return { ruleSet: `${stackName}-mail`, rule: `${stackName}-receive` };
};

export const receiptRuleArn = (scope: Construct): string => {
  const { ruleSet, rule } = receiptRuleNames(scope);
  return Stack.of(scope).formatArn({
    service: 'ses',
    resource: 'receipt-rule-set',
    resourceName: `${ruleSet}:receipt-rule/${rule}`,
  });
};

const fromSes = (scope: Construct, actions: string[], resource: string): PolicyStatement =>
  new PolicyStatement({
    principals: [new ServicePrincipal('ses.amazonaws.com')],
    actions,
    resources: [resource],
    conditions: {
      StringEquals: {
        'aws:SourceAccount': Stack.of(scope).account,
        'aws:SourceArn': receiptRuleArn(scope),
      },
    },
  });
