import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { createGunzip } from 'node:zlib';
import type { Storage } from '../lake/lake-storage.ts';
import { SourceFailure } from './source-failure.ts';

/** By its first bytes (RFC 1952): a name may say anything. */
export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b;

/**
 * Unpacks a file to its end, and keeps nothing of it: DuckDB takes what it finds in a file that
 * breaks off for the whole.
 * @throws SourceFailure for a file that is no gzip, or not all of it
 */
export async function requireWholeGzip(bucket: Storage, key: string): Promise<void> {
  try {
    await pipeline(await bucket.read(key), createGunzip(), nowhere());
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new SourceFailure(
      'unparsableFile',
      `The file ${bucket.url(key)} cannot be unpacked: it is no gzip, or breaks off, or is damaged.`,
      { cause: error },
    );
  }
}

const isZlibError = (error: unknown): error is Error =>
  types.isNativeError(error) && /^Z_/.test((error as NodeJS.ErrnoException).code ?? '');

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
