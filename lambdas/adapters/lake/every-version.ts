import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';

/** One version of an object, or a delete marker; a marker has no bytes. */
export interface StoredVersion {
  key: string;
  versionId: string;
  bytes: number;
  /** ISO 8601. */
  lastModified: string;
}

/** S3 deletes so many keys in one call. */
const KEYS_A_CALL = 1000;

async function* pages(
  s3: S3Client,
  bucket: string,
  prefix: string,
  delimiter?: string,
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let at: Pick<ListObjectVersionsCommandOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> = {};
  for (;;) {
    const page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: prefix,
        Delimiter: delimiter,
        MaxKeys: KEYS_A_CALL,
        KeyMarker: at.NextKeyMarker,
        VersionIdMarker: at.NextVersionIdMarker,
      }),
    );
    yield page;
    if (!page.IsTruncated) return;
    at = page;
  }
}

const versionsOf = ({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput) =>
  [...Versions, ...DeleteMarkers.map((marker) => ({ ...marker, Size: 0 }))].map(
    ({ Key = '', VersionId = 'null', Size = 0, LastModified }): StoredVersion => ({
      key: Key,
      versionId: VersionId,
      bytes: Size,
      lastModified: (LastModified ?? new Date(0)).toISOString(),
    }),
  );

/** Every version and delete marker below a prefix, a thousand at a time; they may be deleted as they come. */
export async function* versionsBelow(
  s3: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<StoredVersion[]> {
  let before: StoredVersion[] = [];
  // One page ahead: a listing cannot go on behind a version that is gone by then.
  for await (const page of pages(s3, bucket, prefix)) {
    if (before.length > 0) yield before;
    before = versionsOf(page);
  }
  if (before.length > 0) yield before;
}

/**
 * What stands directly below a prefix: the folders that hold any version or marker, and the versions
 * that lie in none. A folder that is not named holds nothing.
 */
export async function foldersBelow(
  s3: S3Client,
  bucket: string,
  prefix: string,
): Promise<{ folders: string[]; loose: StoredVersion[] }> {
  const folders = new Set<string>();
  const loose: StoredVersion[] = [];
  for await (const page of pages(s3, bucket, prefix, '/')) {
    for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix) folders.add(Prefix);
    loose.push(...versionsOf(page));
  }
  return { folders: [...folders], loose };
}

/**
 * Deletes these versions, at most a thousand; absent is done. S3 answers with 200 also where it
 * refused some of them.
 * @returns how many were deleted, and the code of each refusal
 */
export async function deleteVersions(
  s3: S3Client,
  bucket: string,
  versions: StoredVersion[],
): Promise<{ deleted: StoredVersion[]; refused: string[] }> {
  const Objects = versions.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const failed = new Set(Errors.map(({ Key, VersionId }) => `${Key} ${VersionId}`));
  return {
    deleted: versions.filter(({ key, versionId }) => !failed.has(`${key} ${versionId}`)),
    refused: Errors.map(({ Code = 'unknown' }) => Code),
  };
}
