import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { duckdbLayerOfHost } from '../../infra/duckdb-layer.ts';
import { step } from '../../infra/local/progress.ts';
import type { ExportTask, ExportTasks } from './exports-worker.ts';
import type { Figure } from './figures.ts';

/** Of the function that packs, in `infra/constructs/step-function.ts`, and of those that query. */
const PACKS = 512;
const QUERIES = 3008;

/** A thousand exports gathered at once against one, and the memory that a large package takes. */
export async function measureExports({
  rows,
  subjects,
  megabytes,
}: {
  rows: number;
  subjects: number;
  megabytes: number;
}): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-exports-'));
  const sink = await aSink();
  const endpoint = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`;
  const run = <Task extends ExportTask>(
    task: Task,
    input: Omit<Parameters<ExportTasks[Task]>[0], 'directory'>,
    functionMegabytes: number,
  ) => inProcess(task, { directory, ...input }, functionMegabytes, endpoint);
  try {
    const gathered = await step(`Gather ${subjects} exports, and one`, async ({ say }) => {
      say(`${rows.toLocaleString('en')} rows`);
      return run('gather', { rows, subjects }, QUERIES);
    });
    const packed = await step(`Pack ${megabytes} MB`, async ({ say }) => {
      say('rows of one person');
      await run('makePerson', { megabytes }, QUERIES);
      say('in a process with the memory of its function');
      const plain = await run('pack', {}, PACKS);
      say('once more, encrypted');
      return { plain, encrypted: await run('pack', { encryptFor: await aRecipient() }, PACKS) };
    });
    const { plain, encrypted } = packed;
    return [
      {
        name: `gather ${subjects.toLocaleString('en')} exports / one, of ${rows.toLocaleString('en')} rows`,
        value: gathered.many,
        unit: 's',
        floor: gathered.one,
        target: 3,
      },
      { name: 'the package', value: plain.megabytes, unit: 'MB' },
      { name: 'most memory while it is packed', value: plain.peak, unit: 'MB', target: PACKS },
      { name: 'processor time of packing it', value: plain.processorSeconds, unit: 's' },
      {
        name: 'most memory while it is packed and encrypted',
        value: encrypted.peak,
        unit: 'MB',
        target: PACKS,
      },
      {
        name: 'processor time of packing and encrypting it / packing it',
        value: encrypted.processorSeconds,
        unit: 's',
        floor: plain.processorSeconds,
        target: 2,
      },
    ];
  } finally {
    sink.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const aRecipient = async () => identityToRecipient(await generateX25519Identity());

async function inProcess<Task extends ExportTask>(
  task: Task,
  input: object,
  megabytes: number,
  endpoint: string,
): Promise<Awaited<ReturnType<ExportTasks[Task]>>> {
  const layer = await duckdbLayerOfHost();
  const child = fork(fileURLToPath(new URL('exports-worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(megabytes),
      NODE_PATH: join(layer, 'nodejs', 'node_modules'),
    },
  });
  return new Promise<Awaited<ReturnType<ExportTasks[Task]>>>((resolve, reject) => {
    child.on('message', ({ answer, fault }: { answer?: never; fault?: string }) => {
      if (fault === undefined) resolve(answer as never);
      else reject(new Error(fault));
      child.kill();
    });
    child.on('exit', (code) => reject(new Error(`The process ended: ${code}.`)));
    child.send({ task, input });
  });
}

/** Takes a multipart upload and keeps nothing of it: what is measured is who sends it. */
async function aSink(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.setHeader('etag', '"part"');
      const begins = request.method === 'POST' && request.url?.includes('uploads');
      const ends = request.method === 'POST' && !begins;
      if (begins)
        response.end(
          '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>',
        );
      else if (ends)
        response.end(
          '<CompleteMultipartUploadResult><ETag>"all"</ETag></CompleteMultipartUploadResult>',
        );
      else response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}
