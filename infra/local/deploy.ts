import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { duckdbLayerOfHost, hostArchitecture } from '../duckdb-layer.ts';
import { type Connection, s3At } from './connection.ts';
import { deployAssembly } from './deploy-assembly.ts';
import { awsEnvironment } from './emulator.ts';
import { type Places, root } from './places.ts';
import type { Processes } from './processes.ts';
import { ensureBucket, readMark, writeMark } from './sources-bucket.ts';

interface DeployPlan {
  processes: Processes;
  places: Places;
  connection: Connection;
  stackName: string;
  /** The demo, if no other. */
  platform?: { name: string; folder: string };
  /** The folder of the layer with DuckDB, if not this machine's own. */
  duckdbLayer?: string;
  /** What {@link synthesise} has made of all that, for where no such stack is; else that is done here. */
  assembly?: string;
}

/** Brings the CDK app's stack up to date; answers whether there was anything to do. */
export async function deploy(plan: DeployPlan): Promise<boolean> {
  const { processes, connection, stackName } = plan;
  const assets = await assetsBucket(connection);
  await ensureBucket(s3At(connection), assets);
  const pagesUrl = pagesAt(connection, stackName);
  const inputs = hashOfInputs(pagesUrl);
  if ((await readMark(connection, assets)) === inputs) return false;
  if (plan.assembly) {
    await deployAssembly({ connection, stackName, assembly: plan.assembly, bucket: assets });
  } else {
    const app = await fromSource({ ...plan, pagesUrl });
    const env = { ...awsEnvironment(connection.endpoint), ...credentialsOf(connection) };
    const verb = ['deploy', stackName, '--require-approval', 'never'];
    await processes.run(cdk('deploy', [...verb, ...app], env));
  }
  await writeMark(connection, assets, inputs);
  return true;
}

/** The emulator answers for the pages at its own address, under the name that the aspect gives them. */
export const pagesAt = ({ endpoint }: Pick<Connection, 'endpoint'>, stackName: string): string =>
  `${endpoint}/_aws/execute-api/${stackName}`;

interface AppPlan extends Pick<DeployPlan, 'processes' | 'places' | 'platform' | 'duckdbLayer'> {
  /** The address of the pages that mails name. */
  pagesUrl: string;
}

/** Makes of the CDK app what can be deployed any number of times; answers the folder. */
export async function synthesise(plan: AppPlan): Promise<string> {
  await plan.processes.run(cdk('synth', ['synth', '--quiet', ...(await fromSource(plan))]));
  return plan.places.assembly;
}

async function fromSource({ places, platform, duckdbLayer, pagesUrl }: AppPlan): Promise<string[]> {
  const context = {
    platform: platform?.name ?? 'demo',
    ...(platform && { platforms: platform.folder }),
    architecture: hostArchitecture(),
    duckdbLayer: duckdbLayer ?? (await duckdbLayerOfHost()),
    pagesUrl,
    local: 'true',
    disposable: 'true',
  };
  return [
    ...['--app', `${process.execPath} --import tsx infra/app.ts`],
    ...Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ...['--output', places.assembly],
  ];
}

const cdk = (name: string, args: string[], env: NodeJS.ProcessEnv = {}) => ({
  name,
  command: process.execPath,
  args: [
    join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'),
    ...args,
    ...['--no-notices', '--no-version-reporting', '--ci'],
  ],
  cwd: root,
  env: { ...process.env, ...env },
});

export async function outputsOf(connection: Connection, stackName: string) {
  const { Stacks = [] } = await new CloudFormationClient(connection).send(
    new DescribeStacksCommand({ StackName: stackName }),
  );
  return Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
      OutputKey,
      OutputValue,
    ]),
  );
}

/** The bucket of `cdk bootstrap`, whose roles the emulator cannot judge. */
async function assetsBucket(connection: Connection): Promise<string> {
  const { Account } = await new STSClient(connection).send(new GetCallerIdentityCommand({}));
  return `cdk-hnb659fds-assets-${Account}-${connection.region}`;
}

const credentialsOf = ({ region, credentials }: Connection) => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});

/** Everything that a deployment is made of. */
function hashOfInputs(pagesUrl: string): string {
  const hash = createHash('sha256').update(pagesUrl);
  for (const file of ['cdk.json', 'package-lock.json']) hash.update(readFileSync(join(root, file)));
  for (const folder of ['infra', 'lambdas', 'statemachines'])
    for (const file of filesIn(join(root, folder)))
      hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('infra/local/') || file.endsWith('emulator-aspect.ts'))
    .sort();
