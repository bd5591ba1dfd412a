import { types } from 'node:util';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import * as z from 'zod';
import { awsClient } from '../aws-clients.ts';
import { awsFailure } from './aws-failure.ts';
import { SourceFailure } from './source-failure.ts';

export const CONNECT_SECONDS = 10;
/** Below the time that a function has, so that the source answers before it ends. */
export const STATEMENT_SECONDS = 600;

/** The secret's JSON, as RDS writes it. */
const Credentials = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int().default(5432),
  username: z.string().min(1),
  password: z.string(),
  dbname: z.string().min(1),
  /** `prefer`: encrypted when the server can, as libpq has it. */
  sslmode: z.enum(['disable', 'prefer', 'require']).default('prefer'),
});
export type Credentials = z.infer<typeof Credentials>;

/** @throws SourceFailure that names the secret, never what it holds */
export async function readCredentials(secretId: string): Promise<Credentials> {
  const secrets = new SecretsManagerClient(awsClient);
  const { SecretString = '' } = await secrets
    .send(new GetSecretValueCommand({ SecretId: secretId }))
    .catch((error: unknown) => {
      const failure = awsFailure(error, `The secret ${secretId}`);
      if (failure?.reason !== 'tableMissing') throw failure ?? error;
      throw new SourceFailure('loginRefused', failure.message, { cause: error });
    });
  const credentials = Credentials.safeParse(parseJson(SecretString));
  if (credentials.success) return credentials.data;
  const wrong = credentials.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new SourceFailure(
    'loginRefused',
    `The secret ${secretId} needs host, port, username, password and dbname; wrong: ${wrong || 'JSON'}.`,
  );
}

/** Runs `use` on a connection of its own. */
export async function connected<T>(
  credentials: Credentials,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(credentials);
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(credentials: Credentials): Promise<pg.Client> {
  const { host, port, username, password, dbname, sslmode } = credentials;
  const client = new pg.Client({
    host,
    port,
    user: username,
    password,
    database: dbname,
    ssl: sslmode === 'disable' ? false : { rejectUnauthorized: false },
    connectionTimeoutMillis: CONNECT_SECONDS * 1000,
    statement_timeout: STATEMENT_SECONDS * 1000,
    // A server that has gone without a word cannot keep its own time.
    query_timeout: (STATEMENT_SECONDS + 10) * 1000,
    application_name: 'data-subject-rights',
  });
  // A connection that breaks while idle would otherwise end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const refusesTls = types.isNativeError(error) && /does not support SSL/.test(error.message);
    if (refusesTls && sslmode === 'prefer') return connect({ ...credentials, sslmode: 'disable' });
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
