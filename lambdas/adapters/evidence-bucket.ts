import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { StoredHead } from '../domain/evidence/documents.ts';
import { awsClient } from './aws-clients.ts';
import { configuration } from './configuration.ts';
import type { PublicKey } from './signing.ts';

const s3 = new S3Client({
  ...awsClient,
  forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL),
});

const keyKey = (kid: string): string => `keys/${kid}.json`;
const headKey = (n: number): string => `heads/${String(n).padStart(10, '0')}.json`;

/** @throws when there is no such head */
export const readHead = (n: number): Promise<StoredHead> => read<StoredHead>(headKey(n));

/** @throws when there is no such key */
export const readPublicKey = (kid: string): Promise<PublicKey> => read<PublicKey>(keyKey(kid));

/**
 * The number of the last head; 0 when there is none. There are no gaps, and nothing is deleted, so
 * that halving finds it among any number of them.
 */
export async function lastHeadNumber(): Promise<number> {
  let [there, absent] = [0, 1];
  while (await exists(headKey(absent))) [there, absent] = [absent, absent * 2];
  while (absent - there > 1) {
    const middle = Math.floor((there + absent) / 2);
    if (await exists(headKey(middle))) there = middle;
    else absent = middle;
  }
  return there;
}

/** @returns false when somebody else has put a head of that number */
export const putHead = (n: number, head: StoredHead): Promise<boolean> => putOnce(headKey(n), head);

/** The key with which heads and certificates can be checked, in as many years as they are kept. */
export async function putPublicKey(key: PublicKey): Promise<void> {
  await putOnce(keyKey(key.kid), key);
}

async function read<T>(key: string): Promise<T> {
  const { Body } = await s3.send(new GetObjectCommand(object(key)));
  return JSON.parse((await Body?.transformToString()) ?? '') as T;
}

async function putOnce(Key: string, content: object): Promise<boolean> {
  try {
    await s3.send(
      new PutObjectCommand({
        ...object(Key),
        Body: JSON.stringify(content),
        ContentType: 'application/json',
        IfNoneMatch: '*',
      }),
    );
    return true;
  } catch (error) {
    // 409: somebody is putting the same key at this moment; whether that succeeds is to be seen.
    if (hasStatus(error, 412) || hasStatus(error, 409)) return false;
    throw error;
  }
}

async function exists(key: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand(object(key)));
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}

const object = (Key: string) => ({ Bucket: configuration().evidenceBucket, Key });

const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
