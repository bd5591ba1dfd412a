import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import {
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Desk, openDesk } from '../../cli/desk.ts';
import { connectionTo, s3At } from '../../infra/local/connection.ts';
import { deploy, outputsOf } from '../../infra/local/deploy.ts';
import { awsEnvironment, startEmulator } from '../../infra/local/emulator.ts';
import { placesIn } from '../../infra/local/places.ts';
import { freePort } from '../../infra/local/ports.ts';
import { openProcesses } from '../../infra/local/processes.ts';
import { mapLimited } from '../../lambdas/adapters/map-limited.ts';
import type { Platform } from '../../lambdas/domain/platform.ts';
import { ownDirectory } from '../emulator/test-run.ts';
import { itemBytes } from './item-bytes.ts';
import { type Files, parsed } from './large-platform.ts';

const stackName = 'dsr-large';

export interface LargeGround {
  desk: Desk;
  /** Every source sells to these customers from now on. */
  sellTo(...customers: string[]): Promise<void>;
  /** Of every execution of one flow, its events as the emulator writes them. */
  histories(flow: Flow): Promise<{ name: string; events: number; largestBytes: number }[]>;
  /** Of the largest item of a table. */
  largestItem(table: 'CatalogTable' | 'RequestsTable' | 'LedgerTable'): Promise<number>;
  stop(): Promise<void>;
}
type Flow = 'DeleteCustomerDataArn' | 'VerifySourcesArn' | 'RefreshCycleArn';

/** A platform of these files, deployed to an emulator of its own. */
export async function onLargeGround(files: Files): Promise<LargeGround> {
  const directory = ownDirectory('large');
  const places = placesIn(directory);
  const processes = openProcesses(places.run);
  const endpoint = await startEmulator({
    processes,
    places,
    port: await freePort(),
    persistent: false,
    environment: { SFN_WAIT_SCALE: '0.05' },
  });
  Object.assign(process.env, awsEnvironment(endpoint));
  const connection = connectionTo(endpoint);
  const { platform } = parsed(files);
  const folder = join(directory, 'platforms');
  writeFiles(join(folder, platform.platform), files);
  const sellTo = sellerTo(platform, connection);
  await s3At(connection).send(new CreateBucketCommand({ Bucket: 'exports' }));
  await sellTo();
  const { sender, operator, tenantAdmin, supportContact } = platform;
  for (const EmailAddress of [sender, operator.email, tenantAdmin.email, supportContact.email])
    await new SESClient(connection).send(new VerifyEmailIdentityCommand({ EmailAddress }));
  const to = { name: platform.platform, folder };
  await deploy({ processes, places, connection, stackName, platform: to });
  const outputs = await outputsOf(connection, stackName);
  return {
    desk: openDesk({ ...connection, stackName }),
    sellTo,
    histories: (flow) => historiesOf(new SFNClient(connection), outputs[flow] ?? ''),
    largestItem: (table) => largestItemOf(new DynamoDBClient(connection), outputs[table] ?? ''),
    stop: async () => {
      await processes.stopAll();
      for (const place of [places.temporary, directory])
        rmSync(place, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function writeFiles(folder: string, { yaml, sql }: Files): void {
  mkdirSync(join(folder, 'models'), { recursive: true });
  writeFileSync(join(folder, 'platform.yaml'), yaml);
  for (const [name, text] of Object.entries(sql))
    writeFileSync(join(folder, 'models', `${name}.sql`), text);
}

const sellerTo =
  ({ sources }: Platform, connection: ReturnType<typeof connectionTo>) =>
  async (...customers: string[]): Promise<void> => {
    const ids = ['C-1', 'C-2', 'C-3', ...customers];
    const rows = ids.map((id) => `${id},${id.toLowerCase()}@people.example`);
    const Body = ['customer_id,email', ...rows, ''].join('\n');
    const s3 = s3At(connection);
    await mapLimited(Object.keys(sources), 8, (name) =>
      s3.send(new PutObjectCommand({ Bucket: 'exports', Key: `${name}/a.csv`, Body })),
    );
  };

async function historiesOf(client: SFNClient, stateMachineArn: string) {
  const found: { name: string; events: number; largestBytes: number }[] = [];
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn }))
    for (const { executionArn, name = '' } of executions) {
      const sizes: number[] = [];
      const pages = paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn });
      for await (const { events = [] } of pages)
        sizes.push(...events.map((event) => Buffer.byteLength(JSON.stringify(event))));
      found.push({ name, events: sizes.length, largestBytes: Math.max(...sizes) });
    }
  return found;
}

async function largestItemOf(client: DynamoDBClient, TableName: string): Promise<number> {
  const sizes: number[] = [];
  const documents = DynamoDBDocumentClient.from(client);
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName }))
    sizes.push(...Items.map(itemBytes));
  return Math.max(...sizes);
}
