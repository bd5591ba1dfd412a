import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3At } from '../../infra/local/connection.ts';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { openEngine } from '../../lambdas/adapters/engine.ts';

/** Makes every step fail that reads the CRM in the lake, with an error that names `word`. Answers the cure. */
export async function breakLake(
  { connection, desk, outputs }: RunningPlatform,
  word: string,
): Promise<() => Promise<unknown>> {
  const s3 = s3At(connection);
  const { tables } = await desk.snapshot();
  const prefix = tables.find(({ name }) => name === 'crm')?.prefix;
  const at = { Bucket: outputs.LakeBucket, Key: `${prefix}rows.parquet` };
  const { Body } = await s3.send(new GetObjectCommand(at));
  const whole = await Body?.transformToByteArray();
  await s3.send(new PutObjectCommand({ ...at, Body: await parquetWithColumn(word) }));
  return () => s3.send(new PutObjectCommand({ ...at, Body: whole }));
}

/** DuckDB quotes the columns that a file has when one is missing. */
export async function parquetWithColumn(column: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  const engine = await openEngine();
  try {
    const file = join(folder, 'rows.parquet');
    await engine.run(
      `COPY (SELECT 1 AS "${column}") TO '${file}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    return readFileSync(file);
  } finally {
    engine.close();
    rmSync(folder, { recursive: true });
  }
}
