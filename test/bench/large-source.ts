import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Connection } from '../../infra/local/connection.ts';
import { connected, type PostgresServer } from '../../infra/local/postgres.ts';

const DATABASE = 'postgres';
const ROWS_AT_ONCE = 500_000;

const pick = (words: string) => `(ARRAY[${words.split(' ').map((word) => `'${word}'`)}])`;

/** Digits of row `i`, the same in every run, and different in every column. */
const digits = (column: string, count: number) =>
  `lpad((('x' || substr(md5(i || '${column}'), 1, 12))::bit(48)::bigint % 1e${count}::bigint)::text, ${count}, '0')`;

/**
 * People as sources have them: nearly every e-mail and phone once, phones as people write them, and
 * one in a hundred written so that only a parser reads it.
 */
const ROW = `
  'C-' || lpad(i::text, 9, '0') AS customer_id,
  CASE i % 20 WHEN 0 THEN initcap(name) ELSE name END || '.' || substr(md5(i || 'mail'), 1, 9)
    || '@' || ${pick('post.example mail.example shop.example brief.example')}[1 + i % 4] AS email,
  CASE WHEN i % 100 = 0 THEN 'Tel. 030 ' || ${digits('phone', 8)} || ' ext. 7'
       WHEN i % 10 < 4 THEN '+49151' || ${digits('phone', 8)}
       WHEN i % 10 < 6 THEN '0171 ' || ${digits('phone', 8)}
       WHEN i % 10 < 8 THEN '030/' || ${digits('phone', 8)}
       WHEN i % 10 < 9 THEN '+43 664 ' || ${digits('phone', 7)}
       ELSE NULL END AS phone,
  initcap(name) AS first_name,
  initcap(translate(substr(md5(i || 'last'), 1, 8), '0123456789', 'aeioulnrst')) AS last_name,
  initcap(translate(substr(md5(i || 'street'), 1, 7), '0123456789', 'aeioulnrst')) || 'straße ' || i % 211 AS street,
  ${digits('postcode', 5)} AS postcode,
  ${pick('Berlin Hamburg München Köln Leipzig Wien Zürich Graz')}[1 + i % 8] AS city,
  date '1940-01-01' + (${digits('birthday', 4)})::int AS birthday,
  (${digits('spent', 7)})::numeric / 100 AS spent,
  (${digits('amount', 5)})::numeric / 100 AS last_amount,
  md5(i || 'consent') AS consent,
  md5(i || 'device') AS device,
  md5(i || 'order')::uuid::text AS last_order,
  timestamp '2015-01-01' + (${digits('registered', 8)})::bigint * interval '3 seconds' AS registered_at,
  timestamp '2025-01-01' + (${digits('seen', 8)})::bigint * interval '0.3 seconds' AS seen_at`;

const NAMES = pick('anna ben clara david emma felix greta hans ines jakob karl lea mia noah');

/** Makes the table `customers` in the database itself, so that no row crosses a wire. */
export async function fillLargeSource(
  server: PostgresServer,
  rows: number,
  tell: (words: string) => void,
): Promise<void> {
  await connected(server, DATABASE, async (client) => {
    for (let from = 1; from <= rows; from += ROWS_AT_ONCE) {
      const to = Math.min(from + ROWS_AT_ONCE - 1, rows);
      const selected = `SELECT ${ROW} FROM (
        SELECT i, ${NAMES}[1 + i % 14] AS name FROM generate_series(${from}::bigint, ${to}) AS i) AS people`;
      await client.query(
        from === 1
          ? `CREATE UNLOGGED TABLE customers AS ${selected}`
          : `INSERT INTO customers ${selected}`,
      );
      tell(`${to.toLocaleString('en')} rows`);
    }
    // Its pages are counted and marked once, and not by whoever reads first.
    await client.query('VACUUM ANALYZE customers');
  });
}

/** Puts the login into the secret that platform.yaml names. */
export async function admitBench(connection: Connection, server: PostgresServer, secret: string) {
  const { host, port, user: username, password } = server;
  const value = { host, port, username, password, dbname: DATABASE };
  await new SecretsManagerClient(connection).send(
    new CreateSecretCommand({ Name: secret, SecretString: JSON.stringify(value) }),
  );
}

/** For DuckDB's ATTACH. */
export const loginSql = ({ host, port, user, password }: PostgresServer): string =>
  `host=${host} port=${port} user=${user} password=${password} dbname=${DATABASE}`;

/** People who stand in the source, and as many others as asked for, who do not. */
export function wantedPeople(held: number, absent: number) {
  const person = (name: string, id: string, email: string, phone: string) => ({
    requestId: name,
    identities: [
      { type: 'customer_id', value: id },
      { type: 'email', value: email },
      { type: 'phone', value: phone },
    ],
  });
  const number = (at: number) => String(at).padStart(9, '0');
  return [
    ...Array.from({ length: held }, (_, at) =>
      person(
        `held-${at}`,
        `C-${number(1 + at * 97)}`,
        `nobody.${at}@post.example`,
        `+49160${number(at)}`,
      ),
    ),
    ...Array.from({ length: absent }, (_, at) =>
      person(
        `absent-${at}`,
        `X-${number(at)}`,
        `absent.${number(at)}@mail.example`,
        `+49162${number(at)}`,
      ),
    ),
  ];
}
