import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import type { StoredHead } from '../../lambdas/domain/evidence/documents.ts';
import { aStack } from '../infra/a-stack.ts';

const s3 = () => new S3Client({ forcePathStyle: true });
const bucket = () => ({ Bucket: configuration().evidenceBucket });

/** The evidence bucket, locked as the stack locks it: the emulator's CloudFormation does not. */
export async function makeEvidenceBucket(): Promise<void> {
  const [declared] = Object.values(
    Template.fromStack(aStack()).findResources('AWS::S3::Bucket', {
      Properties: { ObjectLockEnabled: true },
    }),
  );
  await s3().send(new CreateBucketCommand({ ...bucket(), ObjectLockEnabledForBucket: true }));
  await s3().send(
    new PutObjectLockConfigurationCommand({
      ...bucket(),
      ObjectLockConfiguration: declared?.Properties.ObjectLockConfiguration,
    }),
  );
}

/** Every head, the first one first. */
export async function storedHeads(): Promise<StoredHead[]> {
  const keys = (await versionsUnder('heads/')).map(({ Key = '' }) => Key).sort();
  return Promise.all(keys.map((key) => stored<StoredHead>(key)));
}

export async function stored<T>(Key: string): Promise<T> {
  const { Body } = await s3().send(new GetObjectCommand({ ...bucket(), Key }));
  return JSON.parse((await Body?.transformToString()) ?? '') as T;
}

/** One for each time that something was put. */
export async function versionsUnder(Prefix: string) {
  const { Versions = [] } = await s3().send(new ListObjectVersionsCommand({ ...bucket(), Prefix }));
  return Versions;
}
