import { type CfnResource, type Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Platform } from '../lambdas/domain/platform.ts';
import { FLOWS, flowStateMachineName } from './constructs/flow-arns.ts';
import type { MailDoor } from './constructs/mail-door.ts';
import type { Pages } from './constructs/pages.ts';
import type { Signer } from './constructs/signer.ts';
import type { Stores } from './constructs/stores.ts';
import type { Sweeper } from './constructs/sweeper.ts';

interface Acknowledged {
  stack: Stack;
  stores: Stores;
  sweeper: Sweeper;
  signer: Signer;
  pages: Pages;
  mail: MailDoor | undefined;
  platform: Platform;
}

/** The findings of cdk-nag that are meant to be so, each with its reason. */
export function acknowledgeFindings({
  stack,
  stores,
  sweeper,
  signer,
  pages,
  mail,
  platform,
}: Acknowledged): void {
  acknowledge(
    stores.tables.requestKeys,
    ['AwsSolutions-DDB3'],
    'A deleted key has to be gone: no backup may bring back what it sealed.',
  );
  for (const bucket of [stores.lake, stores.evidence, stores.inboundMail])
    acknowledge(
      bucket,
      ['AwsSolutions-S1'],
      "Who read which object is for the account's CloudTrail data events; a second bucket of access logs would be one more to keep.",
    );
  acknowledge(
    stack,
    ['AwsSolutions-SF2'],
    'An execution waits for days; a trace would end long before. History and logs tell what happened.',
  );
  acknowledge(
    sweeper.undelivered,
    ['AwsSolutions-SQS3'],
    'It is itself the dead-letter queue of a rule and a schedule.',
  );
  acknowledge(
    pages.api,
    ['AwsSolutions-APIG4'],
    'Who opens a page has a link that nobody can guess, and what it does takes a code: there is no account to sign in to.',
  );
  acknowledge(
    stack,
    ['partitions', 'snapshots', 'work', 'packages'].map((prefix) =>
      wildcard(`<${logicalId(stack, stores.lake)}.Arn>/${prefix}/*`),
    ),
    'Files are named by cycles and requests that do not exist yet; each step is held to its prefixes.',
  );
  acknowledge(
    stack,
    ['heads', 'keys'].map((prefix) =>
      wildcard(`<${logicalId(stack, stores.evidence)}.Arn>/${prefix}/*`),
    ),
    'Heads are numbered and keys are named when they are made; nothing of them can be replaced.',
  );
  acknowledge(
    stack,
    [wildcard(`<${logicalId(stack, stores.inboundMail)}.Arn>/inbound/*`)],
    'SES names a message when it comes in; it is only read.',
  );
  if (mail?.activation)
    acknowledge(
      stack,
      [
        'AwsSolutions-L1',
        'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      ],
      'The function of the CDK that activates the receipt rules at deployment: its runtime and role are the CDK’s.',
    );
  acknowledge(
    stack,
    FLOWS.map((flow) =>
      wildcard(
        `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${flowStateMachineName(stack, flow)}:*`,
      ),
    ),
    'Executions are named by the requests and cycles to come; they are only described.',
  );
  acknowledge(
    stack,
    [
      wildcard(
        `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${flowStateMachineName(stack, 'clean-up-inactive-data')}/*:*`,
      ),
    ],
    'What its Distributed Map starts, which it looks at and stops; AWS names them.',
  );
  acknowledge(
    stack,
    Object.values(platform.sources).flatMap((source) =>
      source.kind === 's3'
        ? [wildcard(`arn:<AWS::Partition>:s3:::${source.bucket}/${source.prefix}*`)]
        : [],
    ),
    'platform.yaml declares the whole prefix as the source; it is only read.',
  );
  acknowledge(
    stack,
    [...sweeper.functions, ...signer.functions, ...(mail?.functions ?? [])].map((step) =>
      wildcard(`<${logicalId(stack, step)}.Arn>:*`),
    ),
    'Versions of a function that a schedule calls, of which there are none.',
  );
  acknowledge(
    stack,
    [wildcard('*')],
    'Log deliveries of state machines and network interfaces of functions: AWS names no resource for these actions.',
  );
}

const wildcard = (resource: string): string => `AwsSolutions-IAM5[Resource::${resource}]`;

const logicalId = (stack: Stack, { node }: IConstruct): string =>
  stack.getLogicalId(node.defaultChild as CfnResource);

function acknowledge(scope: IConstruct, ids: string[], reason: string): void {
  Validations.of(scope).acknowledge(...ids.map((id) => ({ id, reason })));
}
