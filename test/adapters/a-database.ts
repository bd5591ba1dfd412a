import { setTimeout } from 'node:timers/promises';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { connected, type PostgresServer } from '../../infra/local/postgres.ts';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';

/** What the secret of a source holds. */
export const credentialsOf = ({ host, port, user, password }: PostgresServer) => ({
  host,
  port,
  username: user,
  password,
  dbname: 'postgres',
});

/** Makes the secret, or gives it another value. */
export async function keepSecret(Name: string, value: object): Promise<void> {
  const secrets = new SecretsManagerClient({});
  const SecretString = JSON.stringify(value);
  await secrets
    .send(new CreateSecretCommand({ Name, SecretString }))
    .catch(() => secrets.send(new PutSecretValueCommand({ SecretId: Name, SecretString })));
}

export const runSql = (server: PostgresServer, text: string): Promise<void> =>
  connected(server, 'postgres', async (client) => void (await client.query(text)));

/** A value of the first row that this gives, as soon as it gives one. */
export const asSoonAs = <T>(server: PostgresServer, query: string): Promise<T> =>
  connected(server, 'postgres', async (client) => {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const { rows } = await client.query({ text: query, rowMode: 'array' });
      if (rows[0]) return rows[0][0];
      await setTimeout(10);
    }
    throw new Error(`For a minute, this gave no row: ${query}`);
  });

/** The backend that an extraction reads by, as soon as it reads. */
export const readingNow = (server: PostgresServer): Promise<number> =>
  asSoonAs(
    server,
    `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query ~ '^\\s*COPY \\(SELECT'`,
  );

type Source = SourceContext<'postgres'>['source'];

/** As platform.yaml declares the table or view `customers`, whose login is in the secret `crm`. */
export const aDeclaredDatabase = (source: Partial<Source> = {}): Source => ({
  kind: 'postgres',
  table: 'customers',
  credentials: 'crm',
  owner: { email: 'owner@example.org' },
  columns: { customer_id: 'BIGINT', email: 'VARCHAR' },
  identities: [{ type: 'email', column: 'email' }],
  erasedWhen: 'rowGone',
  holdWhenLosing: 0.5,
  ...source,
});

export const aDatabaseSource = (
  context: LakeContext,
  source: Partial<Source> = {},
): SourceContext<'postgres'> => ({ ...context, name: 'crm', source: aDeclaredDatabase(source) });
