import { type IAspect, Stack } from 'aws-cdk-lib';
import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnReceiptRule, CfnReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';

interface Statement {
  Action: string | string[];
  Resource?: unknown;
  Condition?: { Bool?: Record<string, string> };
}
interface Document {
  Version: string;
  Statement: Statement[];
}

/** The emulator checks these calls against the resource `*`: it does not see what they are about. */
const WITHOUT_RESOURCE = ['states:SendTaskSuccess', 'ses:SendRawEmail'];

/**
 * All in which the stack on the emulator differs from the one on AWS:
 * 1. The emulator speaks plain HTTP, so a policy that denies it would deny everything.
 * 2. It asks IAM about `WITHOUT_RESOURCE` without naming the resource.
 * 3. An API has a host name of its own, which resolves nowhere; its address by path is as stable as
 *    its id, which is given here.
 * 4. Its CloudFormation knows no receipt rules; infra/local/mail/ does what they would.
 */
export class EmulatorAspect implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof CfnReceiptRuleSet || node instanceof CfnReceiptRule)
      node.node.scope?.node.tryRemoveChild(node.node.id);
    if (
      node instanceof CfnBucketPolicy ||
      node instanceof CfnQueuePolicy ||
      node instanceof CfnTopicPolicy
    ) {
      node.policyDocument = withoutTlsOnly(documentOf(node, node.policyDocument));
    }
    if (node instanceof CfnApi) node.tags.setTag('ms-custom-id', Stack.of(node).stackName);
    if (node instanceof CfnRole && node.policies) {
      const policies: { policyName: string; policyDocument: Document }[] = Stack.of(node).resolve(
        node.policies,
      );
      node.policies = policies.map(({ policyName, policyDocument }) => ({
        policyName,
        policyDocument: withoutResource(policyDocument),
      }));
    }
  }
}

const documentOf = (node: IConstruct, document: unknown): Document =>
  Stack.of(node).resolve(document);

const withoutTlsOnly = ({ Version, Statement }: Document): Document => ({
  Version,
  Statement: Statement.filter(
    ({ Condition }) => Condition?.Bool?.['aws:SecureTransport'] !== 'false',
  ),
});

const withoutResource = ({ Version, Statement }: Document): Document => ({
  Version,
  Statement: Statement.flatMap((statement) => {
    const actions = [statement.Action].flat();
    const unseen = actions.filter((action) => WITHOUT_RESOURCE.includes(action));
    const seen = actions.filter((action) => !WITHOUT_RESOURCE.includes(action));
    return [
      ...(seen.length > 0 ? [{ ...statement, Action: seen }] : []),
      ...(unseen.length > 0 ? [{ ...statement, Action: unseen, Resource: '*' }] : []),
    ];
  }),
});
