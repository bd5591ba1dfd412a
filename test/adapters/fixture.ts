import { rmSync } from 'node:fs';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsEnvironment, startEmulator } from '../../infra/local/emulator.ts';
import { type Places, placesIn } from '../../infra/local/places.ts';
import { freePort } from '../../infra/local/ports.ts';
import { openProcesses, type Processes } from '../../infra/local/processes.ts';
import { openEngine } from '../../lambdas/adapters/engine.ts';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import { storage } from '../../lambdas/adapters/lake/lake-storage.ts';
import type { IdentityType } from '../../lambdas/domain/identity.ts';
import { ownDirectory } from '../emulator/test-run.ts';

export const LAKE = 'lake';

/** A value that may stand in no words of an error. */
export const CANARY = 'canary.person@example.org';

export const IDENTITY_TYPES: Record<string, IdentityType> = {
  email: { normalForm: 'email', points: 'unique' },
  phone: { normalForm: 'phone', points: 'unique', defaultCountry: 'DE' },
  customer_id: { normalForm: 'text', points: 'unique' },
};

export interface Fixture {
  processes: Processes;
  places: Places;
  s3: S3Client;
  context: LakeContext;
  put(bucket: string, key: string, body: string | Buffer): Promise<void>;
  stop(): Promise<void>;
}

/** An emulator of this test file's own, its environment set for every client made afterwards. */
export async function startFixture(): Promise<Fixture> {
  const directory = ownDirectory('adapters');
  const places = placesIn(directory);
  const processes = openProcesses(places.run);
  const port = await freePort();
  const endpoint = await startEmulator({ processes, places, port, persistent: false });
  Object.assign(process.env, awsEnvironment(endpoint));
  const s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: LAKE }));
  const engine = await openEngine();
  return {
    processes,
    places,
    s3,
    context: { engine, lake: storage(LAKE), identityTypes: IDENTITY_TYPES },
    put: async (Bucket, Key, body) => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(body) }));
    },
    stop: async () => {
      engine.close();
      s3.destroy();
      await processes.stopAll();
      for (const place of [places.temporary, directory])
        rmSync(place, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Every row of a Parquet file in the lake. */
export const rowsOf = ({ engine, lake }: LakeContext, key: string) =>
  engine.rows<Record<string, unknown>>(`SELECT * FROM read_parquet('${lake.url(key)}')`);
