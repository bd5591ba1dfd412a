import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Connection, s3At } from './connection.ts';

/** Outside of every source's prefix; says which data the bucket was filled with. */
const mark = 'filled-with';

/** Empties the bucket, made if need be, and puts these files into it. */
export async function fillBucket(
  connection: Connection,
  Bucket: string,
  files: [string, string][],
) {
  const s3 = s3At(connection);
  await ensureBucket(s3, Bucket);
  for (const Key of await keysIn(s3, Bucket, ''))
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  await Promise.all(
    files.map(([Key, Body]) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
  );
}

export async function ensureBucket(s3: S3Client, Bucket: string): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket }));
  } catch (fault) {
    if (!(fault instanceof BucketAlreadyOwnedByYou)) throw fault;
  }
}

/** Rewrites each file below the prefix that has lines which do not stay; one may go meanwhile. */
export async function keepLines(
  connection: Connection,
  { bucket: Bucket, prefix }: { bucket: string; prefix: string },
  stays: (line: string) => boolean,
): Promise<void> {
  const s3 = s3At(connection);
  for (const Key of await keysIn(s3, Bucket, prefix)) {
    const content = await contentOf(s3, Bucket, Key).catch((fault: unknown) => {
      if (fault instanceof NoSuchKey) return '';
      throw fault;
    });
    const lines = content.split('\n');
    const kept = lines.filter(stays);
    if (content !== '' && kept.length < lines.length)
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: kept.join('\n') }));
  }
}

export async function readMark(
  connection: Connection,
  bucket: string,
): Promise<string | undefined> {
  try {
    return await contentOf(s3At(connection), bucket, mark);
  } catch (fault) {
    if (fault instanceof NoSuchBucket || fault instanceof NoSuchKey) return undefined;
    throw fault;
  }
}

export async function writeMark(connection: Connection, Bucket: string, Body: string) {
  await s3At(connection).send(new PutObjectCommand({ Bucket, Key: mark, Body }));
}

async function contentOf(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}

/** At most 1,000, far more than the demo has files. */
async function keysIn(s3: S3Client, Bucket: string, Prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}
