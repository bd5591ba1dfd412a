import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ZipFile } from 'yazl';
import { type Connection, s3At } from './connection.ts';
import { until } from './patience.ts';
import { SetUpFailure } from './set-up-failure.ts';

interface AssemblyPlan {
  connection: Connection;
  stackName: string;
  /** A folder that `cdk synth` has made. */
  assembly: string;
  /** The bucket that its assets go to. */
  bucket: string;
}

interface FileAsset {
  source: { path: string; packaging: 'zip' | 'file' };
  destinations: Record<string, { objectKey: string }>;
}

/**
 * What `cdk deploy` does for a stack that is not there yet, without the seconds that it takes to
 * start: uploads the assets, and lets CloudFormation make the stack.
 */
export async function deployAssembly(plan: AssemblyPlan): Promise<void> {
  const { connection, stackName, assembly, bucket } = plan;
  const s3 = s3At(connection);
  const { files } = JSON.parse(
    readFileSync(join(assembly, `${stackName}.assets.json`), 'utf8'),
  ) as { files: Record<string, FileAsset> };
  let template = '';
  for (const { source, destinations } of Object.values(files)) {
    const path = join(assembly, source.path);
    const Body = source.packaging === 'zip' ? await zipped(path) : readFileSync(path);
    for (const { objectKey: Key } of Object.values(destinations)) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
      if (source.path === `${stackName}.template.json`) template = Key;
    }
  }
  const cloudFormation = new CloudFormationClient(connection);
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateURL: `${connection.endpoint}/${bucket}/${template}`,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  await untilMade(cloudFormation, stackName);
}

/** Not compressed: the emulator unpacks a layer for every process that it starts. */
const STORED = { mtime: new Date(0), compress: false };

/** The folder as a ZIP, which is kept beside it: the same assembly is deployed again and again. */
async function zipped(folder: string): Promise<Buffer> {
  const kept = `${folder}.zip`;
  if (existsSync(kept)) return readFileSync(kept);
  const zip = new ZipFile();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) zip.addFile(path, relative(folder, path), STORED);
  }
  zip.end();
  const bytes = await buffer(zip.outputStream);
  writeFileSync(`${kept}.${process.pid}`, bytes);
  renameSync(`${kept}.${process.pid}`, kept);
  return bytes;
}

/** A loaded machine is slow, and that is no failure. */
const PATIENCE_SECONDS = 900;

const untilMade = (client: CloudFormationClient, StackName: string): Promise<true> =>
  until(
    `the stack ${StackName} is made`,
    async () => {
      const { Stacks: [{ StackStatus = '' } = {}] = [] } = await client.send(
        new DescribeStacksCommand({ StackName }),
      );
      if (StackStatus === 'CREATE_COMPLETE') return true;
      if (StackStatus.endsWith('_IN_PROGRESS')) return undefined;
      throw await notMade(client, StackName, StackStatus);
    },
    PATIENCE_SECONDS,
  );

async function notMade(client: CloudFormationClient, StackName: string, status: string) {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  const reasons = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
    .map(
      ({ LogicalResourceId, ResourceStatusReason }) =>
        `${LogicalResourceId}: ${ResourceStatusReason}`,
    )
    .join('\n');
  return new SetUpFailure(
    `The stack ${StackName} is ${status}:\n${reasons}`,
    'Mend what it names.',
  );
}
