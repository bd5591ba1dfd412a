import { readPlatform } from '../../infra/read-platform.ts';
import { identifier, literal } from '../../lambdas/adapters/engine/sql.ts';
import { openEngine } from '../../lambdas/adapters/engine.ts';
import { findCandidates } from '../../lambdas/adapters/lake/candidates.ts';
import { findUndeclared } from '../../lambdas/adapters/lake/find-undeclared.ts';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import { storage } from '../../lambdas/adapters/lake/lake-storage.ts';
import {
  heldRowsSql,
  type LakeTable,
  rowsKey,
  rowsSql,
} from '../../lambdas/adapters/lake/lake-table.ts';
import { findSubjects } from '../../lambdas/adapters/lake/prove.ts';
import { SubjectIndex } from '../../lambdas/adapters/lake/subject-index.ts';
import { readSubjects, writeSubjects } from '../../lambdas/adapters/lake/subjects-file.ts';
import { declaredColumnsSql } from '../../lambdas/adapters/sources/write-rows.ts';
import type { IdentityType } from '../../lambdas/domain/identity.ts';
import { idNames } from '../../lambdas/domain/undeclared.ts';
import { timed } from './figures.ts';
import { wantedPeople } from './large-source.ts';
import { BENCH_PLATFORMS } from './places.ts';

const { LAKE_BUCKET = '' } = process.env;
const { platform } = readPlatform('bench', BENCH_PLATFORMS);
const { columns, identities } = platform.sources.customers ?? { columns: {}, identities: [] };

async function withContext<T>(use: (context: LakeContext) => Promise<T>): Promise<T> {
  const engine = await openEngine();
  // Or a second run would read from memory what the first read from S3.
  await engine.run('SET GLOBAL enable_external_file_cache = false');
  const identityTypes = platform.identityTypes as Record<string, IdentityType>;
  try {
    return await use({ engine, lake: storage(LAKE_BUCKET), identityTypes });
  } finally {
    engine.close();
  }
}

const tableAt = (prefix: string): LakeTable => ({
  kind: 'partition',
  name: 'customers',
  prefix,
  identities,
});

/** The least that a refresh can be: the same columns, to the same S3, in the same format. */
function copy({ login, prefix }: { login: string; prefix: string }): Promise<number> {
  return withContext(async ({ engine, lake }) => {
    const seconds = await timed(async () => {
      await engine.reachPostgres();
      await engine.run(`ATTACH ${literal(login)} AS source (TYPE postgres, READ_ONLY)`);
      await engine.run(
        `COPY (SELECT ${declaredColumnsSql(columns)} FROM source.customers)
         TO ${literal(lake.url(rowsKey(prefix)))} (FORMAT parquet, COMPRESSION zstd)`,
      );
    });
    await engine.run('DETACH source');
    await lake.erase(prefix);
    return seconds;
  });
}

const erase = ({ prefix }: { prefix: string }): Promise<void> => storage(LAKE_BUCKET).erase(prefix);

const copyPartition = ({ from, to }: { from: string; to: string }): Promise<void> =>
  storage(LAKE_BUCKET).copy(rowsKey(from), rowsKey(to));

const HELD = 10;

/** So many people for the proof, ten of whom stand in the source. */
function writeWanted({ cycleId, subjects }: { cycleId: string; subjects: number }): Promise<void> {
  const people = wantedPeople(HELD, subjects - HELD);
  const rows = people.flatMap(({ requestId, identities }) =>
    identities.map((identity) => ({ requestId, ...identity })),
  );
  return withContext((context) => writeSubjects(context, cycleId, rows));
}

/** The least that a proof can be: every value of the same columns, read from the same S3. */
function scan({ prefix }: { prefix: string }): Promise<number> {
  const looked = identities.map(({ column }) => `max(${column})`);
  return withContext(({ engine, lake }) =>
    timed(() =>
      engine.run(
        `SELECT ${looked.join(', ')} FROM read_parquet(${literal(lake.url(rowsKey(prefix)))})`,
      ),
    ),
  );
}

/** What `proveAbsence` does between its reads and writes of the catalog. */
function prove({ cycleId, prefix }: { cycleId: string; prefix: string }): Promise<number> {
  return withContext((context) =>
    timed(async () => {
      const subjects = await readSubjects(context, cycleId);
      const { hits } = await findSubjects(context, tableAt(prefix), subjects);
      if (hits.length !== HELD)
        throw new Error(`${hits.length} people were found, and ${HELD} are there.`);
    }),
  );
}

/** The least that reading everything as text can be: every value of every column, from the same S3. */
function scanWhole({ prefix }: { prefix: string }): Promise<number> {
  const looked = Object.keys(columns).map(
    (column) => `max(CAST(${identifier(column)} AS VARCHAR))`,
  );
  return withContext(({ engine, lake }) =>
    timed(() =>
      engine.run(
        `SELECT ${looked.join(', ')} FROM read_parquet(${literal(lake.url(rowsKey(prefix)))})`,
      ),
    ),
  );
}

/** A second copy of the partition, with one of the people named in a text that nobody declared. */
function plantSomebody({ from, to }: { from: string; to: string }): Promise<void> {
  return withContext(({ engine, lake }) =>
    engine.run(
      `COPY (SELECT * REPLACE (CASE WHEN customer_id = 'C-000000001'
         THEN 'Bei Maria, Nr. C-000000098, 1. Stock' ELSE street END AS street)
       FROM read_parquet(${literal(lake.url(rowsKey(from)))}))
       TO ${literal(lake.url(rowsKey(to)))} (FORMAT parquet, COMPRESSION zstd)`,
    ),
  );
}

/** What `proveAbsence` does beside the proof of declared columns. */
function proveDeep({ cycleId, prefix }: { cycleId: string; prefix: string }): Promise<number> {
  return withContext((context) =>
    timed(async () => {
      const subjects = await readSubjects(context, cycleId);
      const relation = `(${rowsSql(context.lake, tableAt(prefix))})`;
      const search = { relation, identities, isNamedFor: idNames(platform) };
      const hits = await findUndeclared(context, search, subjects);
      if (hits.length !== 1 || hits[0]?.column !== 'street')
        throw new Error(`${hits.length} people stand in undeclared columns, and one was planted.`);
    }),
  );
}

/** Seconds of each part of a proof, measured one after the other. */
async function partsOfProof({ cycleId, prefix }: { cycleId: string; prefix: string }) {
  const parts: Record<string, number> = {};
  const part = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    parts[name] = (performance.now() - start) / 1000;
    return result;
  };
  const open = await part('open the engine', openEngine);
  open.close();
  await withContext(async (context) => {
    const subjects = await part('read the subjects', () => readSubjects(context, cycleId));
    const index = new SubjectIndex(subjects, context.identityTypes);
    const searched = {
      relation: `(${heldRowsSql(context.lake, tableAt(prefix))})`,
      identities,
    };
    const candidates = await part('scan for candidates', () =>
      findCandidates(context, searched, index),
    );
    await part('decide in TypeScript', async () => index.count(candidates));
  });
  return parts;
}

/** What this process, an engine with a function's threads and memory, does and measures. */
const tasks = {
  ...{ copy, erase, copyPartition, writeWanted, scan, prove, partsOfProof },
  ...{ scanWhole, plantSomebody, proveDeep },
};
export type Tasks = typeof tasks;

type Asked = { id: number; task: keyof Tasks; input: never };

process.on('message', async ({ id, task, input }: Asked) => {
  try {
    process.send?.({ id, answer: await tasks[task](input) });
  } catch (error) {
    const { stack, cause } = error as Error;
    process.send?.({ id, fault: `${stack}${cause ? `\n${(cause as Error).message}` : ''}` });
  }
});
process.on('disconnect', () => process.exit());
