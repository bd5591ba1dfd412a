import type { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { awsClient } from '../aws-clients.ts';
import { configuration } from '../configuration.ts';
import {
  deleteVersions,
  foldersBelow,
  type StoredVersion,
  versionsBelow,
} from './every-version.ts';

/** One bucket: the lake, or a source's. Keys are within it. */
export interface Storage {
  readonly bucket: string;
  /** As DuckDB reads it. */
  url(key: string): string;
  putJson(key: string, value: unknown): Promise<void>;
  getJson(key: string): Promise<unknown | undefined>;
  list(prefix: string): Promise<StoredObject[]>;
  /** At most so many (a thousand), in the order of their keys, from behind `after` on. */
  listAfter(
    prefix: string,
    most: number,
    after?: string,
  ): Promise<{ key: string; storedAt: Date }[]>;
  /** @throws when there is no such object */
  sizeOf(key: string): Promise<number>;
  copy(from: string, to: string): Promise<void>;
  /** The first bytes of an object. */
  head(key: string, bytes: number): Promise<Uint8Array>;
  /** All bytes of an object, as they come. */
  read(key: string): Promise<Readable>;
  /** Every version and delete marker below the prefix. Absent is done. */
  erase(prefix: string): Promise<void>;
  /** The same, to be looked at: a thousand at a time. */
  versions(prefix: string): AsyncGenerator<StoredVersion[]>;
  /** At most a thousand; answers which are gone, and the code of each refusal. */
  deleteVersions(
    versions: StoredVersion[],
  ): Promise<{ deleted: StoredVersion[]; refused: string[] }>;
  /** Folders directly below a prefix that hold any version, and what lies beside them. */
  folders(prefix: string): Promise<{ folders: string[]; loose: StoredVersion[] }>;
}

export interface StoredObject {
  key: string;
  bytes: number;
  /** Changes with what the object holds. */
  etag: string;
}

/** The lake bucket of this stack. */
export const lakeStorage = (): Storage => storage(configuration().lakeBucket);

export function storage(
  bucket: string,
  s3 = new S3Client({ ...awsClient, forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL) }),
): Storage {
  const at = (key: string) => ({ Bucket: bucket, Key: key });
  return {
    bucket,
    url: (key) => `s3://${bucket}/${key}`,
    putJson: async (key, value) => {
      const Body = JSON.stringify(value);
      await s3.send(new PutObjectCommand({ ...at(key), Body, ContentType: 'application/json' }));
    },
    getJson: async (key) => {
      try {
        const { Body } = await s3.send(new GetObjectCommand(at(key)));
        return JSON.parse((await Body?.transformToString()) ?? 'null');
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    list: async (prefix) => {
      const found: StoredObject[] = [];
      for await (const page of paginateListObjectsV2(
        { client: s3 },
        { Bucket: bucket, Prefix: prefix },
      ))
        for (const { Key, Size = 0, ETag = '' } of page.Contents ?? [])
          if (Key) found.push({ key: Key, bytes: Size, etag: ETag });
      return found;
    },
    listAfter: async (Prefix, MaxKeys, StartAfter) => {
      const asked = { Bucket: bucket, Prefix, MaxKeys, StartAfter };
      const page = await s3.send(new ListObjectsV2Command(asked));
      return (page.Contents ?? []).flatMap(({ Key, LastModified }) =>
        Key && LastModified ? [{ key: Key, storedAt: LastModified }] : [],
      );
    },
    sizeOf: async (key) => (await s3.send(new HeadObjectCommand(at(key)))).ContentLength ?? 0,
    copy: async (from, to) => {
      const CopySource = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
      await s3.send(new CopyObjectCommand({ ...at(to), CopySource }));
    },
    head: async (key, bytes) => {
      const range = { ...at(key), Range: `bytes=0-${bytes - 1}` };
      const { Body } = await s3.send(new GetObjectCommand(range));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    read: async (key) => (await s3.send(new GetObjectCommand(at(key)))).Body as Readable,
    erase: (prefix) => eraseVersions(s3, bucket, prefix),
    versions: (prefix) => versionsBelow(s3, bucket, prefix),
    deleteVersions: (versions) => deleteVersions(s3, bucket, versions),
    folders: (prefix) => foldersBelow(s3, bucket, prefix),
  };
}

async function eraseVersions(s3: S3Client, bucket: string, prefix: string): Promise<void> {
  for await (const versions of versionsBelow(s3, bucket, prefix)) {
    const { refused } = await deleteVersions(s3, bucket, versions);
    if (refused.length > 0)
      throw new Error(`${refused.length} objects were not deleted: ${refused[0]}.`);
  }
}
