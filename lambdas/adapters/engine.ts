import { createRequire as requireFrom } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { awsClient } from './aws-clients.ts';
import { asking, type RowDecision, registerDecisions } from './engine/asked-in-typescript.ts';
import { EngineError } from './engine/engine-error.ts';
import { literal } from './engine/sql.ts';

/** DuckDB, on one connection: its temporary tables and views are this engine's alone. */
export interface Engine {
  /** Values bound to `$1`, `$2` …; identities only ever here or in `fill`, never in the SQL. */
  run(sql: string, values?: DuckDBValue[]): Promise<void>;
  rows<Row>(sql: string, values?: DuckDBValue[]): Promise<Row[]>;
  /** The values of the first column. */
  column<Value>(sql: string): Promise<Value[]>;
  /** The same as `rows`, of which never more than a few thousand are in Node's memory. */
  each<Row>(sql: string): AsyncIterable<Row>;
  /**
   * The values of each row, some thousand rows at a time, read as they are taken; nothing else may
   * run on the engine meanwhile.
   */
  stream<Value>(sql: string): AsyncIterable<Value[][]>;
  /** Makes the temporary table anew, of VARCHAR columns, and appends the rows. */
  fill(table: string, columns: string[], rows: Rows): Promise<void>;
  /**
   * Lets TypeScript decide about rows: gives the SQL of an INTEGER over a VARCHAR[], for as long as
   * `use` takes. For few rows, since they wait for it, one after the other.
   */
  asking<T>(
    decide: RowDecision,
    use: (callSql: (listSql: string) => string) => Promise<T>,
  ): Promise<T>;
  /** For statements that have to carry a credential: no error repeats the secrets. */
  runSecretly(sql: string, secrets: string[]): Promise<void>;
  /** Lets statements reach PostgreSQL: most functions never do, and its scanner takes long to load. */
  reachPostgres(): Promise<void>;
  /** Makes the statement that runs now fail. */
  interrupt(): void;
  /** Ends the connection, and its temporary tables with it. */
  close(): void;
}

type Rows = Iterable<(string | null)[]> | AsyncIterable<(string | null)[]>;

// Lies in a Lambda layer, where only `require` looks.
const requireFromLayer = requireFrom(import.meta.url);
const MEGABYTES_PER_VCPU = 1769;

let warm: Promise<DuckDBInstance> | undefined;

/**
 * An engine that reads and writes S3 with this function's present credentials: one an invocation,
 * because they expire. DuckDB itself starts once for each warm function.
 * @param readsAgain the same files are read again and again: S3 is asked about each of them once. What
 *   is remembered must not outlive the invocation, since a step that is tried again writes the same
 *   files anew; so this DuckDB is its own.
 * @throws EngineError, as all of the engine does; its message holds nothing of any row
 */
export async function openEngine({ readsAgain = false } = {}): Promise<Engine> {
  if (readsAgain) await forgetFiles();
  const duckdb = await (readsAgain ? startDuckdb() : startedOnce());
  const engine = engineOver(await duckdb.connect(), () => {
    if (readsAgain) duckdb.closeSync();
  });
  try {
    if (readsAgain) await engine.run('SET enable_http_metadata_cache = true');
    await signInToS3(engine);
    return engine;
  } catch (error) {
    engine.close();
    throw error;
  }
}

/** What the warm DuckDB keeps of files that it has read would lack to another one beside it. */
async function forgetFiles(): Promise<void> {
  const connection = await (await warm)?.connect();
  if (!connection) return;
  for (const isKept of [false, true])
    await connection.run(`SET GLOBAL enable_external_file_cache = ${isKept}`);
  connection.closeSync();
}

function startedOnce(): Promise<DuckDBInstance> {
  warm ??= startDuckdb().catch((error: unknown) => {
    warm = undefined;
    throw error;
  });
  return warm;
}

async function startDuckdb(): Promise<DuckDBInstance> {
  const duckdb = requireFromLayer('@duckdb/node-api') as typeof import('@duckdb/node-api');
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: join(tmpdir(), `duckdb-${process.pid}`),
    home_directory: tmpdir(),
    preserve_insertion_order: 'false',
    ...shareOfFunction(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE)),
  });
  const connection = await instance.connect();
  await connection.run(loadSql('httpfs'));
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  registerDecisions(duckdb, connection);
  connection.closeSync();
  return instance;
}

function loadSql(extension: 'httpfs' | 'postgres_scanner'): string {
  const extensions = dirname(requireFromLayer.resolve('@dsr/duckdb-extensions/package.json'));
  return `LOAD ${literal(join(extensions, `${extension}.duckdb_extension`))}`;
}

// Node, the SDK and the scanner's buffers live beside DuckDB's own memory.
function shareOfFunction(megabytes: number): Record<string, string> {
  if (!megabytes) return {};
  const threads = Math.min(availableParallelism(), Math.ceil(megabytes / MEGABYTES_PER_VCPU));
  return { memory_limit: `${Math.floor(megabytes * 0.6)}MB`, threads: String(threads) };
}

function engineOver(connection: DuckDBConnection, onClose: () => void): Engine {
  const guard = <T>(done: Promise<T>, secrets: string[] = []) =>
    done.catch((error: unknown) => {
      throw EngineError.from(error, secrets);
    });
  return {
    run: async (sql, values) => void (await guard(connection.run(sql, values))),
    runSecretly: async (sql, secrets) => void (await guard(connection.run(sql), secrets)),
    rows: async <Row>(sql: string, values?: DuckDBValue[]) => {
      const reader = await guard(connection.runAndReadAll(sql, values));
      return reader.getRowObjectsJS() as Row[];
    },
    column: async <Value>(sql: string) => {
      const reader = await guard(connection.runAndReadAll(sql));
      return (reader.getColumnsJS()[0] ?? []) as Value[];
    },
    each: async function* <Row>(sql: string) {
      const result = await guard(connection.run(sql));
      for await (const rows of result.yieldRowObjectJs()) yield* rows as Row[];
    },
    stream: async function* <Value>(sql: string) {
      const result = await guard(connection.stream(sql));
      const rows = result.yieldRowsJs();
      for (;;) {
        const { done, value } = await guard(rows.next());
        if (done) return;
        yield value as Value[][];
      }
    },
    fill: async (table, columns, rows) => {
      const declared = columns.map((column) => `${column} VARCHAR`).join(', ');
      await guard(connection.run(`CREATE OR REPLACE TEMP TABLE ${table} (${declared})`));
      const appender = await guard(connection.createAppender(table, 'main', 'temp'));
      for await (const row of rows) {
        for (const value of row)
          if (value === null) appender.appendNull();
          else appender.appendVarchar(value);
        appender.endRow();
      }
      appender.closeSync();
    },
    asking,
    reachPostgres: async () => void (await guard(connection.run(loadSql('postgres_scanner')))),
    interrupt: () => connection.interrupt(),
    close: () => {
      connection.closeSync();
      onClose();
    },
  };
}

// Anew each time: the credentials of a role expire.
async function signInToS3(engine: Engine): Promise<void> {
  const s3 = new S3Client(awsClient);
  const { accessKeyId, secretAccessKey, sessionToken = '' } = await s3.config.credentials();
  const settings = [
    'TYPE s3',
    `KEY_ID ${literal(accessKeyId)}`,
    `SECRET ${literal(secretAccessKey)}`,
    `REGION ${literal(await s3.config.region())}`,
    ...(sessionToken ? [`SESSION_TOKEN ${literal(sessionToken)}`] : []),
    ...otherEndpoint(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL),
  ];
  s3.destroy();
  await engine.runSecretly(`CREATE OR REPLACE SECRET s3 (${settings.join(', ')})`, [
    accessKeyId,
    secretAccessKey,
    sessionToken,
  ]);
}

function otherEndpoint(url: string | undefined): string[] {
  if (!url) return [];
  const { host, protocol } = new URL(url);
  return [`ENDPOINT ${literal(host)}`, `URL_STYLE 'path'`, `USE_SSL ${protocol === 'https:'}`];
}
