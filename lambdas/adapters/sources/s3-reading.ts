import { type StoredObject, storage } from '../lake/lake-storage.ts';
import type { SourceContext } from '../source.ts';
import { SourceFailure } from './source-failure.ts';

/**
 * Reads the files of a source as they are now. DuckDB notices a file that changes under its hands,
 * but neither one that changed since its header was read, nor one of several that has gone.
 * @throws SourceFailure when a file was replaced or deleted meanwhile, whatever came of the reading
 */
export async function readUnchanged<T>(
  source: SourceContext<'s3'>['source'],
  reading: (objects: StoredObject[]) => Promise<T>,
): Promise<T> {
  const before = await filesOf(source);
  const [read] = await Promise.allSettled([reading(before)]);
  const cause = read.status === 'rejected' ? read.reason : undefined;
  await requireUnchanged(source, before, cause);
  if (read.status === 'rejected') throw cause;
  return read.value;
}

/** Not the markers that stand for folders. */
async function filesOf({ bucket, prefix }: SourceContext<'s3'>['source']): Promise<StoredObject[]> {
  const objects = await storage(bucket).list(prefix);
  return objects.filter(({ key }) => !key.endsWith('/'));
}

async function requireUnchanged(
  source: SourceContext<'s3'>['source'],
  before: StoredObject[],
  cause: unknown,
): Promise<void> {
  const etags = new Map((await filesOf(source)).map(({ key, etag }) => [key, etag]));
  const changed = before.find(({ key, etag }) => etags.get(key) !== etag);
  if (changed)
    throw new SourceFailure(
      'fileReplaced',
      `The file ${storage(source.bucket).url(changed.key)} was replaced or deleted while it was read.`,
      { cause },
    );
}
