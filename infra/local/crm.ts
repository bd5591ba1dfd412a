import { randomBytes } from 'node:crypto';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type pg from 'pg';
import type { Connection } from './connection.ts';
import type { CrmRow } from './demo-data/rows.ts';
import { connected, type PostgresServer } from './postgres.ts';

const database = 'crm';

/** Runs `use` as the CRM's own administrator. */
export const inCrm = <T>(server: PostgresServer, use: (client: pg.Client) => Promise<T>) =>
  connected(server, database, use);

/** Fills the CRM anew. `fingerprint` says later which data this was. */
export async function fillCrm(server: PostgresServer, rows: CrmRow[], fingerprint: string) {
  await connected(server, 'postgres', async (client) => {
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'crm'`);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  });
  await inCrm(server, async (client) => {
    await client.query(`
      BEGIN;
      DROP TABLE IF EXISTS customers;
      CREATE TABLE customers (
        customer_id text PRIMARY KEY, email text, phone text,
        first_name text NOT NULL, last_name text NOT NULL, birthday date, city text
      );`);
    await client.query(
      `INSERT INTO customers SELECT * FROM jsonb_to_recordset($1) AS row(
        customer_id text, email text, phone text,
        first_name text, last_name text, birthday date, city text)`,
      [JSON.stringify(rows)],
    );
    await client.query(`COMMENT ON TABLE customers IS '${fingerprint}'; COMMIT; ANALYZE customers`);
  });
}

/** The fingerprint of the data that the CRM was filled with; undefined when it is not there. */
export async function crmFingerprint(server: PostgresServer): Promise<string | undefined> {
  try {
    return await inCrm(server, async (client) => {
      const { rows } = await client.query(
        `SELECT obj_description(to_regclass('customers')) AS fingerprint`,
      );
      return rows[0]?.fingerprint ?? undefined;
    });
  } catch (fault) {
    const noSuchDatabase = '3D000';
    if ((fault as { code?: string }).code === noSuchDatabase) return undefined;
    throw fault;
  }
}

/**
 * Lets the system read the customers and nothing else, under a new password, and puts that into
 * the secret that platform.yaml names. What it asks stands in the server's log, without values.
 */
export async function admitReader(server: PostgresServer, connection: Connection, secret: string) {
  const username = 'dsr_reader';
  const password = randomBytes(18).toString('base64url');
  await inCrm(server, async (client) => {
    const { rowCount } = await client.query(`SELECT FROM pg_roles WHERE rolname = '${username}'`);
    if (rowCount === 0) await client.query(`CREATE ROLE ${username} LOGIN`);
    await client.query(`
      ALTER ROLE ${username} PASSWORD '${password}';
      ALTER ROLE ${username} SET log_statement = 'all';
      ALTER ROLE ${username} SET log_parameter_max_length = 0;
      GRANT SELECT ON customers TO ${username}`);
  });
  const { host, port } = server;
  const value = JSON.stringify({ host, port, username, password, dbname: database });
  await putSecret(connection, secret, value);
}

async function putSecret(connection: Connection, name: string, value: string): Promise<void> {
  const client = new SecretsManagerClient(connection);
  try {
    await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: value }));
  } catch (fault) {
    if (!(fault instanceof ResourceNotFoundException)) throw fault;
    await client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
  }
}
