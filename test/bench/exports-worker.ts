import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, openEngine } from '../../lambdas/adapters/engine.ts';
import { type GatheredSubject, gatherTable } from '../../lambdas/adapters/lake/gather.ts';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import type { Storage } from '../../lambdas/adapters/lake/lake-storage.ts';
import type { LakeTable } from '../../lambdas/adapters/lake/lake-table.ts';
import { rowsAsCells, rowsAsJson } from '../../lambdas/adapters/package/gathered-rows.ts';
import { packTables } from '../../lambdas/steps/packing.ts';
import { median, timed } from './figures.ts';

const PERSON = '01JDBENCH00000000000000000';
const RUNS = 3;
/** Of one row in the ZIP: JSON and CSV hold it twice, and a hash shrinks to little more than half. */
const BYTES_A_ROW = 237;

const COLUMNS = ['id', 'day', 'a', 'b', 'c', 'd'];

/** The lake, as files of this machine. */
const localLake = (engine: Engine, directory: string): LakeContext => ({
  engine,
  lake: { bucket: 'sink', url: (key: string) => join(directory, key) } as Storage,
  identityTypes: {
    customer_id: { normalForm: 'text', points: 'unique' },
    email: { normalForm: 'email', points: 'unique' },
  },
});

/** Seconds of gathering so many subjects, and one of them, by turns; ten rows each. */
async function gather({
  directory,
  rows,
  subjects,
}: {
  directory: string;
  rows: number;
  subjects: number;
}): Promise<{ many: number; one: number }> {
  const engine = await openEngine();
  const context = localLake(engine, directory);
  const prefix = 'table/';
  mkdirSync(join(directory, prefix), { recursive: true });
  mkdirSync(join(directory, 'gathered'), { recursive: true });
  const people = Math.floor(rows / 10);
  await engine.run(
    `COPY (SELECT 'C-' || (i % ${people}) AS customer_id, 'p' || (i % ${people}) || '@mail.example' AS email,
       DATE '2020-01-01' + (i % 2000)::INTEGER AS day, md5(i || 'a') AS a, md5(i || 'b') AS b, md5(i || 'c') AS c
     FROM range(${rows}) AS numbers(i))
     TO '${join(directory, prefix, 'rows.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  const table: LakeTable = {
    kind: 'partition',
    name: 'customers',
    prefix,
    identities: [
      { type: 'customer_id', column: 'customer_id' },
      { type: 'email', column: 'email' },
    ],
  };
  const everybody = Array.from(
    { length: subjects },
    (_, n): GatheredSubject => ({
      requestId: `R${n}`,
      identities: [
        { type: 'customer_id', value: `C-${n * 7}` },
        { type: 'email', value: `p${n * 7}@mail.example` },
      ],
      shared: [],
    }),
  );
  const taking = async (wanted: GatheredSubject[]) =>
    timed(async () => {
      const gathered = await gatherTable(context, table, wanted, 'gathered/');
      const found = Object.values(gathered.rows).reduce((sum, count) => sum + count, 0);
      if (found !== wanted.length * 10) throw new Error(`${found} rows were gathered.`);
    });
  await taking(everybody);
  const seconds: Record<'many' | 'one', number[]> = { many: [], one: [] };
  for (let run = 0; run < RUNS; run += 1) {
    seconds.many.push(await taking(everybody));
    seconds.one.push(await taking(everybody.slice(0, 1)));
  }
  return { many: median(seconds.many), one: median(seconds.one) };
}

/** What a gathering leaves of one person, who has so much that the package is as large as asked. */
async function makePerson({
  directory,
  megabytes,
}: {
  directory: string;
  megabytes: number;
}): Promise<void> {
  const engine = await openEngine();
  mkdirSync(join(directory, 'person'), { recursive: true });
  const rows = Math.floor((megabytes * 1024 * 1024) / BYTES_A_ROW);
  const hash = (salt: string) => `md5(i || '${salt}')`;
  await engine.run('SET preserve_insertion_order = true');
  await engine.run(
    `COPY (SELECT '${PERSON}' AS request, i AS c0, DATE '2020-01-01' + (i % 2000)::INTEGER AS c1,
       ${hash('a')} || ${hash('b')} AS c2, ${hash('c')} || ${hash('d')} AS c3, ${hash('e')} AS c4, ${hash('f')} AS c5
     FROM range(${rows}) AS numbers(i))
     TO '${join(directory, 'person', 'rows.parquet')}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)`,
  );
}

async function pack({ directory, encryptFor }: { directory: string; encryptFor?: string }) {
  const before = process.cpuUsage();
  const engine = await openEngine();
  const context = localLake(engine, directory);
  const [rows = 0] = await engine.column<number>(
    `SELECT count(*)::INTEGER FROM '${join(directory, 'person', 'rows.parquet')}'`,
  );
  const types = ['BIGINT', 'DATE', 'VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR'];
  const columns = COLUMNS.map((name, at) => ({ name, type: types[at] ?? '' }));
  const gathered = { requestId: PERSON, prefix: 'person/', columns };
  const { bytes } = await packTables(
    { bucket: 'sink', key: 'packages/one.zip', encryptFor },
    {
      requestId: PERSON,
      kind: 'portability',
      subjectKind: 'customer',
      receivedAt: new Date().toISOString(),
      platform: 'bench',
      platformHash: '',
      timeZone: 'UTC',
      generatedAt: new Date().toISOString(),
    },
    [
      {
        ...{ kind: 'source', name: 'large', title: 'Large', facts: {}, columns, rows, leftOut: 0 },
        json: () => rowsAsJson(context, gathered),
        cells: () => rowsAsCells(context, gathered),
      },
    ],
  );
  const { user, system } = process.cpuUsage(before);
  return {
    megabytes: bytes / 1024 / 1024,
    peak: process.resourceUsage().maxRSS / 1024,
    processorSeconds: (user + system) / 1e6,
  };
}

const tasks = { gather, makePerson, pack };
export type ExportTasks = typeof tasks;
export type ExportTask = keyof ExportTasks;

process.on('message', async ({ task, input }: { task: ExportTask; input: never }) => {
  try {
    process.send?.({ answer: await tasks[task](input) });
  } catch (error) {
    const { stack, cause } = error as Error;
    process.send?.({ fault: `${stack}${cause ? `\n${(cause as Error).message}` : ''}` });
  }
});
