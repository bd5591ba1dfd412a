import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { deploy, outputsOf } from '../../infra/local/deploy.ts';
import { step } from '../../infra/local/progress.ts';
import type { Ground } from '../../infra/local/running-platform.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import { functionOf } from './functions.ts';
import { admitBench, fillLargeSource } from './large-source.ts';
import { BENCH_PLATFORMS } from './places.ts';

const stackName = 'dsr-bench';

/** A deployed platform with one large source, and an engine beside it. */
export interface LargePlatform extends Ground {
  engine: EngineProcess;
  refreshSource: string;
  proveAbsence: string;
  catalogTable: string;
}

export async function openLargePlatform(ground: Ground, rows: number): Promise<LargePlatform> {
  const { connection, server } = ground;
  await step('Deploy a platform with one large source', async () => {
    await admitBench(connection, server, 'dsr-bench/customers');
    await deploy({ ...ground, stackName, platform: { name: 'bench', folder: BENCH_PLATFORMS } });
  });
  await step('Fill the source', async ({ title, say }) => {
    await fillLargeSource(server, rows, say);
    title(`A source of ${rows.toLocaleString('en')} rows`);
  });
  const { LakeBucket = '', CatalogTable = '' } = await outputsOf(connection, stackName);
  return {
    ...ground,
    engine: await startEngine(connection.endpoint, LakeBucket),
    refreshSource: await functionOf(connection, 'refreshSource'),
    proveAbsence: await functionOf(connection, 'proveAbsence'),
    catalogTable: CatalogTable,
  };
}

export const partitionPrefix = (cycleId: string): string => `partitions/customers/${cycleId}.1/`;

/** A snapshot of this cycle that names a partition, as if the cycle had made both. */
export async function publish(
  { connection, catalogTable }: LargePlatform,
  cycleId: string,
  prefix: string,
): Promise<void> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(connection));
  const { identities } = readPlatform('bench', BENCH_PLATFORMS).platform.sources.customers ?? {};
  const partitionId = `${cycleId}.1`;
  const rows = [
    { pk: 'PARTITION', sk: `customers#${partitionId}`, source: 'customers', prefix, identities },
    {
      pk: 'SNAPSHOT',
      sk: cycleId,
      partitions: { customers: partitionId },
      models: {},
      segments: {},
    },
  ];
  for (const Item of rows) await documents.send(new PutCommand({ TableName: catalogTable, Item }));
}
