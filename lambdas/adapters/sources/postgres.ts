import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { parseColumnPath } from '../../domain/column-path.ts';
import type { IdentityColumn } from '../../domain/identity.ts';
import { coarseKeySql } from '../../domain/normalise-sql.ts';
import { EngineError } from '../engine/engine-error.ts';
import { identifier, literal } from '../engine/sql.ts';
import { type Candidate, SubjectIndex } from '../lake/subject-index.ts';
import type { AskedSubject, SourceContext, SourceKind } from '../source.ts';
import { answersFrom, clearedColumnsOf } from './answers.ts';
import {
  CONNECT_SECONDS,
  connected,
  readCredentials,
  STATEMENT_SECONDS,
} from './postgres-connection.ts';
import { postgresFailure } from './postgres-failure.ts';
import { asAnswers, asFailure, asOutcome, type Classify, SourceFailure } from './source-failure.ts';
import { writeRows } from './write-rows.ts';

type Context = SourceContext<'postgres'>;

/** A table of a PostgreSQL database: asked with bound values of ours, extracted by DuckDB's scanner. */
export const postgres: SourceKind<'postgres'> = {
  ask: (context, subjects) => asAnswers(subjects, ask(context, subjects), classify(context)),
  extract: (context, prefix) => asOutcome(extract(context, prefix), classify(context)),
  readWhole: (context, read) => asFailure(attached(context, read), classify(context)),
};

async function ask(context: Context, subjects: AskedSubject[]): ReturnType<SourceKind['ask']> {
  const { source, identityTypes } = context;
  const index = new SubjectIndex(subjects, identityTypes);
  const isPlain = ({ column, within }: IdentityColumn) => {
    const path = parseColumnPath(column);
    return path?.fields.length === 0 && !path.perElement && within === undefined;
  };
  const matched = source.identities.filter(isPlain);
  const unmatched = source.identities.filter((column) => !isPlain(column));
  const credentials = await readCredentials(source.credentials);
  const candidates = await connected(credentials, (client) =>
    findRows(client, { context, columns: matched, index }),
  );
  const types = new Set(unmatched.map(({ type }) => type));
  return answersFrom(context, { subjects, index, candidates, unmatched: types });
}

interface Search {
  context: Context;
  /** Those of single values: of the rows found, all are read. */
  columns: Context['source']['identities'];
  index: SubjectIndex;
}

async function findRows(
  client: pg.Client,
  { context, columns, index }: Search,
): Promise<Candidate[]> {
  const { source, identityTypes } = context;
  const names = columns.map((_, position) => `c${position}`);
  const selected = columns.map(({ column }, i) => `${identifier(column)}::text AS ${names[i]}`);
  const wanted = new Set(index.wanted.map(([type]) => type));
  const matches = columns.flatMap(({ type }, i) => {
    if (!wanted.has(type)) return [];
    const form = identityTypes[type]?.normalForm ?? 'text';
    const key = coarseKeySql(form, names[i] ?? '', 'postgres');
    // An empty value is nobody's; it has the coarse key of what ends in another script than ASCII.
    return [
      `${key} IN (SELECT key FROM pg_temp.wanted WHERE type = ${literal(type)}) AND btrim(${names[i]}) <> ''`,
    ];
  });
  if (matches.length === 0) {
    await client.query(`SELECT FROM ${tableSql(source.table)} LIMIT 0`);
    return [];
  }
  await client.query('CREATE TEMP TABLE wanted (type text, key text COLLATE "C")');
  await client.query('BEGIN READ ONLY');
  // Copied, because a server that logs statements logs bound values too.
  await pipeline(
    Readable.from(copyLines(index.wanted.map(([type, key]) => [type, key]))),
    client.query(copyFrom('COPY pg_temp.wanted FROM STDIN')),
  );
  const grouped = `SELECT ${names.join(', ')}, count(*)::int AS rows
     FROM (SELECT ${selected.join(', ')} FROM ${tableSql(source.table)}${notCleared(context)}) AS held
     WHERE ${matches.join(' OR ')} GROUP BY ${names.join(', ')}`;
  const candidates: Candidate[] = [];
  for await (const [rows, ...raws] of copied<[number, ...(string | null)[]]>(
    client,
    `SELECT json_build_array(rows, ${names.join(', ')}) FROM (${grouped}) AS grouped`,
  )) {
    const found = columns.flatMap(({ type }, i) => {
      const raw = raws[i];
      return typeof raw === 'string' ? [{ type, raw }] : [];
    });
    // Of millions that share a coarse key, a few are kept.
    if (found.some((raw) => index.requestsOf(raw).length > 0)) candidates.push({ rows, found });
  }
  await client.query('COMMIT');
  return candidates;
}

/**
 * The rows of a query of one column of JSON, as they come. `COPY` and no cursor, for which
 * PostgreSQL would scan with one worker. A line has no other escapes than of the backslash.
 */
async function* copied<Row>(client: pg.Client, sql: string): AsyncGenerator<Row> {
  const decoder = new StringDecoder();
  let line = '';
  for await (const chunk of client.query(copyTo(`COPY (${sql}) TO STDOUT`))) {
    const lines = `${line}${decoder.write(chunk)}`.split('\n');
    line = lines.pop() ?? '';
    for (const one of lines) yield JSON.parse(one.replaceAll('\\\\', '\\')) as Row;
  }
}

// PostgreSQL's text holds no NUL, so that nothing with one could be found.
const copyLines = (rows: string[][]): string[] =>
  rows
    .filter((row) => !row.some((value) => value.includes('\0')))
    .map((row) => `${row.map(escapeCopied).join('\t')}\n`);

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escapeCopied = (value: string): string =>
  value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);

function notCleared(context: Context): string {
  const columns = clearedColumnsOf(context);
  if (!columns) return '';
  const filled = columns.map((column) => `btrim(coalesce(${identifier(column)}::text, '')) <> ''`);
  return ` WHERE ${filled.join(' OR ')}`;
}

/** After a minute without a sign of life; the system itself would wait for two hours. */
const NOTICE_SILENCE =
  'keepalives_idle=30 keepalives_interval=10 keepalives_count=3 tcp_user_timeout=60000';

async function extract(context: Context, prefix: string): ReturnType<SourceKind['extract']> {
  const { source } = context;
  const credentials = await readCredentials(source.credentials);
  await connected(credentials, (client) => requireColumns(client, source));
  return attached(context, async (relation) => ({
    outcome: 'successful',
    ...(await writeRows(context, relation, prefix)),
  }));
}

/** @param read is given the table as DuckDB's scanner sees it, with all of its columns */
async function attached<T>(
  { source, engine }: Context,
  read: (relation: string) => Promise<T>,
): Promise<T> {
  const credentials = await readCredentials(source.credentials);
  const { host, port, username, password, dbname, sslmode } = credentials;
  const settings =
    `connect_timeout=${CONNECT_SECONDS} sslmode=${sslmode} ${NOTICE_SILENCE} ` +
    `options='-c statement_timeout=${STATEMENT_SECONDS}s'`;
  await engine.reachPostgres();
  try {
    await engine.runSecretly(
      `CREATE OR REPLACE SECRET source_login (TYPE postgres, HOST ${literal(host)}, PORT ${port},
         DATABASE ${literal(dbname)}, USER ${literal(username)}, PASSWORD ${literal(password)})`,
      [password],
    );
    await engine.runSecretly(
      `ATTACH ${literal(settings)} AS source (TYPE postgres, SECRET source_login, READ_ONLY)`,
      [password],
    );
    return await read(`source.${tableSql(source.table)}`);
  } finally {
    await engine.run('DETACH DATABASE IF EXISTS source');
    await engine.run('DROP SECRET IF EXISTS source_login');
  }
}

// Asked by a client that knows SQLSTATEs, so that what is missing is known and not guessed.
async function requireColumns(client: pg.Client, source: Context['source']): Promise<void> {
  const { fields } = await client.query(`SELECT * FROM ${tableSql(source.table)} LIMIT 0`);
  const found = new Set(fields.map(({ name }) => name));
  const missing = Object.keys(source.columns).filter((name) => !found.has(name));
  if (missing.length > 0)
    throw new SourceFailure(
      'columnMissing',
      `The table ${source.table} has no column ${missing.join(', ')}.`,
    );
}

function tableSql(table: string): string {
  const [schema, name] = table.includes('.') ? table.split('.') : ['public', table];
  return `${identifier(schema ?? '')}.${identifier(name ?? '')}`;
}

const classify =
  ({ name, source, lake }: Context): Classify =>
  (error) => {
    // What the lake refuses is no fault of the source.
    if (error instanceof EngineError && error.said.includes(`${lake.bucket}/`)) return undefined;
    return postgresFailure(error, `The database of ${name}, asked for ${source.table},`);
  };
