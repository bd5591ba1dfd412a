import { createHash } from 'node:crypto';
import { type PassThrough, Readable, Transform } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ZipFile } from 'yazl';
import type { PackedFile } from '../../domain/export/manifest.ts';
import { awsClient } from '../aws-clients.ts';
import { encrypted } from './encrypt.ts';

/** Parts of the upload that are in memory at once, of so many bytes each. */
const PARTS_AT_ONCE = 2;
const PART_BYTES = 8 * 1024 * 1024;
/** Text shrinks nearly as far as it can, at a fraction of the time. */
const COMPRESSION_LEVEL = 3;

/** Adds one file, and answers when all of it was written; its bytes and hash are of its contents. */
export type AddFile = (
  path: string,
  mediaType: string,
  contents: Iterable<string> | AsyncIterable<string>,
) => Promise<PackedFile>;

export interface StoredPackage {
  key: string;
  /** Of what lies there and is downloaded: the ZIP, or what it was encrypted to. */
  bytes: number;
  /** The same, hexadecimal. */
  sha256: string;
  /** The age recipient that it is encrypted for. */
  encryptedFor?: string;
}

export interface PackagePlace {
  bucket: string;
  key: string;
  /** An age recipient. */
  encryptFor?: string | undefined;
}

/**
 * Writes a ZIP into the lake while it is made: one file after the other, no more in memory than a
 * few parts, whatever its size. Nothing is stored when `fill` throws.
 */
export async function writePackage(
  { bucket, key, encryptFor }: PackagePlace,
  at: Date,
  fill: (add: AddFile) => Promise<void>,
): Promise<StoredPackage> {
  const zip = new ZipFile();
  const { through, measured } = measuring();
  const written =
    encryptFor === undefined ? zip.outputStream : await encrypted(zip.outputStream, encryptFor);
  const body = written.pipe(through) as PassThrough;
  const upload = new Upload({
    client: new S3Client({ ...awsClient, forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL) }),
    params: {
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: encryptFor === undefined ? 'application/zip' : 'application/octet-stream',
    },
    partSize: PART_BYTES,
    queueSize: PARTS_AT_ONCE,
  });
  const filled = fill(adding(zip, at)).then(
    () => zip.end(),
    (error: Error) => {
      // The upload ends with it, and takes its parts back.
      body.destroy(error);
      throw error;
    },
  );
  zip.on('error', (error) => body.destroy(error as Error));
  written.on('error', (error: Error) => body.destroy(error));
  const [inside, outside] = await Promise.allSettled([filled, upload.done()]);
  if (inside.status === 'rejected') throw inside.reason;
  if (outside.status === 'rejected') throw outside.reason;
  return { key, ...measured(), ...(encryptFor !== undefined && { encryptedFor: encryptFor }) };
}

const adding =
  (zip: ZipFile, mtime: Date): AddFile =>
  (path, mediaType, contents) =>
    new Promise((resolve, reject) => {
      const { through, measured } = measuring();
      const options = { mtime, mode: 0o100644, compressionLevel: COMPRESSION_LEVEL };
      through.on('error', reject);
      through.on('end', () => resolve({ path, mediaType, ...measured() }));
      zip.addReadStreamLazy(path, options, (give) => {
        const from = Readable.from(contents, { objectMode: false });
        from.on('error', (error) => through.destroy(error));
        give(null, from.pipe(through));
      });
    });

/** A stream that counts and hashes what passes through it. */
function measuring() {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, measured: () => ({ bytes, sha256: hash.digest('hex') }) };
}
