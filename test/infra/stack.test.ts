import { describe, expect, it } from '@jest/globals';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { aStack } from './a-stack.ts';
import { rolesOf } from './roles.ts';

const stack = aStack();
const template = Template.fromStack(stack);
const all = (type: string, from = template) => Object.values(from.findResources(type));
const tableNamed = (name: string) =>
  Object.entries(template.findResources('AWS::DynamoDB::Table')).find(([id]) =>
    id.includes(name),
  )?.[1];

it('has no finding of cdk-nag that is not acknowledged with its reason', () => {
  expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
});

it.each([Architecture.X86_64, Architecture.ARM_64])(
  'runs every function and its layer on $name',
  (architecture) => {
    const built = Template.fromStack(aStack({ architecture }));
    built.allResourcesProperties('AWS::Lambda::Function', { Architectures: [architecture.name] });
    built.allResourcesProperties('AWS::Lambda::LayerVersion', {
      CompatibleArchitectures: [architecture.name],
    });
  },
);

it('gives DuckDB to the steps that query with it, and to no other', () => {
  const steps = all('AWS::Lambda::Function')
    .filter(({ Properties }) => Properties.Layers)
    .map(({ Properties }) => Properties.Handler.replace('index.', ''));
  expect(steps.sort()).toEqual([
    ...['askSource', 'buildModel', 'buildSegment', 'carryOverSegment'],
    ...['closeTheDoor', 'closeTheDoor', 'findResidue', 'gatherTable', 'lookAtProof'],
    ...['packageExport', 'preview', 'proveAbsence', 'recreateSegment'],
    ...['refreshSource', 'resolveIdentities', 'resolveIdentities'],
  ]);
});

describe('what is kept', () => {
  it('encrypts every table with the key of the platform', () => {
    template.allResourcesProperties('AWS::DynamoDB::Table', {
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('KeysData'), 'Arn'] },
      },
      DeletionProtectionEnabled: true,
    });
  });

  it.each(['TablesRequests', 'Catalog', 'Ledger'])(
    'restores %s to any second of a week',
    (name) => {
      expect(tableNamed(name)?.Properties.PointInTimeRecoverySpecification).toEqual({
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 7,
      });
    },
  );

  it('keeps no backup of the keys, and lets those of faults expire', () => {
    expect(tableNamed('RequestKeys')?.Properties).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('encrypts the lake, keeps it from the public, and speaks TLS only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: 'aws:kms' }),
          },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(tlsOnly(template)).toHaveLength(6);
  });

  it('locks the evidence for ten years, and lets no marker hide any', () => {
    const [[id, evidence] = []] = Object.entries(
      template.findResources('AWS::S3::Bucket', { Properties: { ObjectLockEnabled: true } }),
    );
    expect(evidence?.Properties).toMatchObject({
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 3653 } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: id },
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
          }),
        ]),
      }),
    });
  });

  it('denies everybody to change or delete an entry of the ledger', () => {
    expect(tableNamed('Ledger')?.Properties.ResourcePolicy.PolicyDocument.Statement).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Resource: '*',
        Action: expect.arrayContaining(
          ['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete'].map(
            (action) => `dynamodb:${action}`,
          ),
        ),
      },
    ]);
  });

  it('lets nothing that was overwritten or deleted linger in the lake', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
            Prefix: Match.absent(),
            Status: 'Enabled',
          }),
        ]),
      },
    });
  });

  it('lets no work of a cycle outlive its week, whatever died', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: 'work/', ExpirationInDays: 7, Status: 'Enabled' }),
        ]),
      },
    });
  });

  it('turns the keys that can be turned', () => {
    const keys = all('AWS::KMS::Key').map(({ Properties }) => Properties);
    expect(keys).toHaveLength(7);
    expect(keys.map((key) => key.KeySpec ?? key.EnableKeyRotation).sort()).toEqual([
      'ECC_NIST_P256',
      'HMAC_256',
      'HMAC_256',
      true,
      true,
      true,
      true,
    ]);
  });

  it('outlives its stack', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key'])
      for (const { DeletionPolicy } of all(type)) expect(DeletionPolicy).toBe('Retain');
  });

  it('goes with its stack when that is disposable', () => {
    const disposable = Template.fromStack(
      aStack({
        lifetime: {
          removalPolicy: RemovalPolicy.DESTROY,
          logRetention: RetentionDays.ONE_WEEK,
          recoveryDays: 1,
          evidenceYears: 1,
        },
      }),
    );
    for (const { DeletionPolicy, Properties } of all('AWS::DynamoDB::Table', disposable)) {
      expect(DeletionPolicy).toBe('Delete');
      expect(Properties.DeletionProtectionEnabled).toBe(false);
    }
    disposable.resourceCountIs('Custom::S3AutoDeleteObjects', 3);
    const locks = all('AWS::S3::Bucket', disposable).map(
      ({ Properties }) => Properties.ObjectLockConfiguration?.Rule,
    );
    expect(locks).toEqual([undefined, undefined, undefined]);
  });
});

describe('what is logged', () => {
  it('goes after ninety days', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it('has a log group of its own for each function', () => {
    const groups = all('AWS::Lambda::Function').map(({ Properties }) =>
      JSON.stringify(Properties.LoggingConfig.LogGroup),
    );
    expect(new Set(groups).size).toBe(groups.length);
  });

  it('tells every state of every execution, without its data', () => {
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 6);
    template.allResourcesProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });
});

it('asks for the refresh in the time zone of the platform, and delivers late rather than twice', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 3 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    Target: Match.objectLike({
      RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 },
      DeadLetterConfig: Match.anyValue(),
    }),
  });
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(1 minute)',
    Target: Match.objectLike({
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
    }),
  });
});

it('signs the ledger each hour and when a request has ended, and tells when nobody does', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(1 hour)',
    Target: Match.objectLike({
      Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('evidencesignHeads'), 'Arn'] },
    }),
  });
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: Match.objectLike({
      detail: Match.objectLike({ status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] }),
    }),
    Targets: [
      Match.objectLike({
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('evidencesignHeads'), 'Arn'] },
      }),
    ],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'Invocations',
    Period: 86_400,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
});

it('cleans up each day in the time zone of the platform', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(0 4 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
  });
});

it('lets the clean-up read its list, and start, look at and stop executions of its own', () => {
  const policies = all('AWS::IAM::Role')
    .filter(({ Properties }) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('states.amazonaws.com'),
    )
    .flatMap(({ Properties }) => Properties.Policies[0].PolicyDocument.Statement)
    .map((statement: { Action: string | string[]; Resource: unknown }) => ({
      actions: [statement.Action].flat(),
      on: JSON.stringify(statement.Resource),
    }));
  const on = (action: string) =>
    policies.filter(({ actions }) => actions.includes(action)).map(({ on: resource }) => resource);
  expect(on('s3:GetObject')).toEqual([expect.stringContaining('/work/clean-up/due.json"')]);
  expect(on('states:StartExecution')).toEqual([
    expect.stringContaining(':stateMachine:dsr-test-clean-up-inactive-data"'),
  ]);
  for (const action of ['states:DescribeExecution', 'states:StopExecution']) {
    const [resources] = on(action);
    for (const names of [':*', '/*:*'])
      expect(resources).toContain(`:execution:dsr-test-clean-up-inactive-data${names}"`);
  }
});

it('lets the alarms publish to the topic, whose own policy allows nobody else', () => {
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: Match.objectLike({
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    }),
  });
});

it('raises no alarm of a request that ended as partlyErased', () => {
  const failing = all('AWS::CloudWatch::Alarm')
    .map(({ Properties }) => JSON.stringify(Properties))
    .filter((alarm) => alarm.includes('ExecutionsFailed'));
  expect(failing).toHaveLength(4);
  expect(failing.join()).not.toContain('deletecustomerdata');
});

it('differs on the emulator only in what that lacks', () => {
  const local = Template.fromStack(aStack({ onEmulator: true }));
  expect(tlsOnly(local)).toHaveLength(0);
  for (const allowed of rolesOf(aStack({ onEmulator: true })).values())
    for (const { actions, resources } of allowed) {
      const unseen = actions.some((action) => /SendTaskSuccess|SendRawEmail/.test(action));
      expect(resources.includes('"*"')).toBe(unseen);
    }
  const { Resources } = template.toJSON();
  const receiptRules = Object.keys(Resources).filter((id) =>
    Resources[id].Type.startsWith('AWS::SES::Receipt'),
  );
  expect(receiptRules).toHaveLength(2);
  expect(Object.keys(local.toJSON().Resources)).toEqual(
    Object.keys(Resources).filter((id) => !receiptRules.includes(id)),
  );
  expect(differing(local, template)).toEqual([
    'AWS::ApiGatewayV2::Api',
    'AWS::IAM::Role',
    'AWS::S3::BucketPolicy',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
  ]);
});

it('fits the template that CloudFormation takes', () => {
  expect(JSON.stringify(template.toJSON()).length).toBeLessThan(1_000_000);
  expect(Object.keys(template.toJSON().Resources).length).toBeLessThan(500);
});

const tlsOnly = (from: Template) =>
  ['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']
    .flatMap((type) => all(type, from))
    .filter(({ Properties }) => JSON.stringify(Properties).includes('aws:SecureTransport'));

function differing(one: Template, other: Template): string[] {
  const resources = other.toJSON().Resources;
  const types = Object.entries<{ Type: string }>(one.toJSON().Resources)
    .filter(([id, resource]) => JSON.stringify(resource) !== JSON.stringify(resources[id]))
    .map(([, { Type }]) => Type);
  return [...new Set(types)].sort();
}

describe('the pages', () => {
  it('take ten calls a second, and log neither who called nor the address', () => {
    const [stage] = all('AWS::ApiGatewayV2::Stage');
    expect(stage?.Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 10,
      ThrottlingBurstLimit: 20,
    });
    const { Format } = stage?.Properties.AccessLogSettings ?? {};
    expect(JSON.parse(Format)).toMatchObject({ route: '$context.routeKey' });
    expect(Format).not.toMatch(/path|identity|sourceIp|userAgent|authorizer/i);
  });

  it('name the links by their place in the log', () => {
    const routes = all('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties.RouteKey);
    expect(routes.sort()).toEqual(
      ['acknowledge/{link}', 'change/{link}', 'collect/{link}', 'confirm/{link}', '{proxy+}'].map(
        (path) => `ANY /${path}`,
      ),
    );
  });

  it('have the address of the API, or one of the platform’s own', () => {
    const urls = (from: Template) =>
      new Set(
        all('AWS::Lambda::Function', from).map(({ Properties }) =>
          JSON.stringify(Properties.Environment?.Variables?.PAGES_URL),
        ),
      );
    expect([...urls(template)].join()).toContain('ApiEndpoint');
    const own = Template.fromStack(aStack({ pagesUrl: 'https://privacy.tenant.example' }));
    expect([...urls(own)]).toContain('"https://privacy.tenant.example"');
  });
});

describe('mail', () => {
  it('leaves over TLS or not at all, and what comes back is recorded', () => {
    template.hasResourceProperties('AWS::SES::ConfigurationSet', {
      Name: 'dsr-test-mails',
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
    });
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['bounce', 'complaint', 'reject'],
        SnsDestination: Match.anyValue(),
      },
    });
    const [subscription] = all('AWS::SNS::Subscription').filter(
      ({ Properties }) => Properties.Protocol === 'lambda',
    );
    expect(JSON.stringify(subscription?.Properties.Endpoint)).toContain('recordBounce');
    expect(subscription?.Properties.RedrivePolicy).toBeDefined();
  });
});
