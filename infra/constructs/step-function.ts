import { Duration, Size } from 'aws-cdk-lib';
import {
  type ManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  type Architecture,
  CfnFunction,
  type Code,
  type ILayerVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { everyStep } from '../permissions.ts';
import { allow, type Grant } from './grants.ts';
import { readsLake, writesPackages, writesWork } from './lake-grants.ts';
import type { Lifetime } from './lifetime.ts';
import { readsSources } from './source-grants.ts';

/** What all functions of a platform share. */
export interface StepDefaults {
  architecture: Architecture;
  /** DuckDB and its extensions; only for the steps that query with it. */
  duckdb: ILayerVersion;
  environment: Record<string, string>;
  lifetime: Lifetime;
  /** Where the sources can be reached, for the steps that read them; without it, from the internet. */
  network?: { subnetIds: string[]; securityGroupIds: string[] };
  /** What `readsSources` becomes. */
  sourceAccess: ManagedPolicy[];
  /** What any other permission becomes on this platform. */
  statements(grants: Grant[]): PolicyStatement[];
}

/** Whoever may touch people's rows in the lake or in a source does so with DuckDB. */
const WITH_DUCKDB: Grant[] = [readsLake, writesWork, readsSources];

// DuckDB takes 60% of the memory and spills to /tmp; 3008 MB is what every account may use.
const forQueries = {
  memorySize: 3008,
  timeout: Duration.minutes(15),
  ephemeralStorageSize: Size.gibibytes(8),
};
// What passes through a package is never in memory as a whole; DuckDB only reads it.
const forPackages = { memorySize: 512, timeout: Duration.minutes(15) };
const forRows = { memorySize: 512, timeout: Duration.minutes(5) };

/** One export of a handlers file as a function, with a role and a log group of its own. */
export class StepFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    step: string,
    props: StepDefaults & { code: Code; grants: Grant[] },
  ) {
    super(scope, step);
    const queries = props.grants.some((grant) => WITH_DUCKDB.includes(grant));
    const packs = props.grants.includes(writesPackages);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.lifetime.logRetention,
      removalPolicy: props.lifetime.removalPolicy,
    });
    const asksSources = props.grants.includes(readsSources);
    const ofItsOwn = props.grants.filter((grant) => grant !== readsSources);
    const network = asksSources ? props.network : undefined;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: asksSources ? props.sourceAccess : [],
      inlinePolicies: {
        step: new PolicyDocument({
          minimize: true,
          statements: [
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
            ...props.statements([...everyStep, ...ofItsOwn]),
            ...(network ? [networkInterfaces()] : []),
          ],
        }),
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture,
      code: props.code,
      handler: `index.${step}`,
      layers: queries || packs ? [props.duckdb] : [],
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: props.environment,
      ...(queries ? forQueries : packs ? forPackages : forRows),
    });
    if (network) {
      const resource = this.function.node.defaultChild;
      if (resource instanceof CfnFunction) resource.vpcConfig = network;
    }
  }
}

/** Lambda attaches functions to a VPC by the function's own role; EC2 names no resource for it. */
const networkInterfaces = (): PolicyStatement =>
  allow(
    [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    ['*'],
  );
