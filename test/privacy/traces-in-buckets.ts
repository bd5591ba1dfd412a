import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Connection, s3At } from '../../infra/local/connection.ts';
import { type Engine, openEngine } from '../../lambdas/adapters/engine.ts';
import type { Trace } from './search.ts';

/** Every version of every object of every bucket: its key, what is known of it, and what it holds. */
export async function* tracesInBuckets(connection: Connection): AsyncGenerator<Trace> {
  const client = s3At(connection);
  const engine = await openEngine();
  try {
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    for (const { Name: Bucket } of Buckets)
      for await (const page of versionsIn(client, Bucket)) {
        for (const { Key } of page.DeleteMarkers ?? [])
          yield { place: `object ${Bucket}/${Key}`, text: `${Key}` };
        for (const { Key, VersionId } of page.Versions ?? [])
          yield await traceOfObject(client, engine, { Bucket, Key, VersionId });
      }
  } finally {
    engine.close();
  }
}

async function* versionsIn(
  client: S3Client,
  Bucket: string | undefined,
): AsyncGenerator<ListObjectVersionsOutput> {
  let page: ListObjectVersionsOutput | undefined;
  do {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page ?? {};
    page = await client.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
    yield page;
  } while (page.IsTruncated);
}

async function traceOfObject(
  client: S3Client,
  engine: Engine,
  at: { Bucket: string | undefined; Key: string | undefined; VersionId: string | undefined },
): Promise<Trace> {
  const { Body, Metadata } = await client.send(
    new GetObjectCommand({ ...at, VersionId: at.VersionId === 'null' ? undefined : at.VersionId }),
  );
  const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const text = [at.Key, JSON.stringify(Metadata), await readable(content, engine)];
  return { place: `object ${at.Bucket}/${at.Key}`, text: text.join('\n') };
}

async function readable(content: Buffer, engine: Engine): Promise<string> {
  const startsWith = (bytes: string) =>
    content.subarray(0, bytes.length).equals(Buffer.from(bytes, 'latin1'));
  if (startsWith('PAR1')) return `${content.toString('utf8')}\n${await rowsIn(content, engine)}`;
  if (startsWith('\x1f\x8b')) return gunzipSync(content).toString('utf8');
  return content.toString('utf8');
}

async function rowsIn(parquet: Buffer, engine: Engine): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  try {
    const file = join(folder, 'rows.parquet');
    writeFileSync(file, parquet);
    const rows = await engine.rows(`SELECT * FROM read_parquet('${file}')`);
    return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
