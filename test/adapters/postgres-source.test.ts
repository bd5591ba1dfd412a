import { readFileSync } from 'node:fs';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connected, type PostgresServer, startPostgres } from '../../infra/local/postgres.ts';
import { findInSource } from '../../lambdas/adapters/lake/find-undeclared.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import { postgres } from '../../lambdas/adapters/sources/postgres.ts';
import type { Identity } from '../../lambdas/domain/identity.ts';
import { CANARY, type Fixture, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;
let server: PostgresServer;
let secrets: SecretsManagerClient;

beforeAll(async () => {
  fixture = await startFixture();
  const { processes, places } = fixture;
  server = await startPostgres({ processes, places, settings: { log_statement: 'all' } });
  secrets = new SecretsManagerClient({});
  await secrets.send(
    new CreateSecretCommand({ Name: 'crm', SecretString: JSON.stringify(credentials()) }),
  );
});

afterAll(() => fixture?.stop());

beforeEach(() =>
  sql(`DROP TABLE IF EXISTS customers; CREATE TABLE customers (
    id serial, customer_id int, email text, phone text, spent numeric(10,2), joined timestamptz, extra jsonb)`),
);

const credentials = () => ({
  host: server.host,
  port: server.port,
  username: server.user,
  password: server.password,
  dbname: 'postgres',
});

const sql = (text: string) =>
  connected(server, 'postgres', async (client) => void (await client.query(text)));

const aSource = (
  source: Partial<SourceContext<'postgres'>['source']> = {},
): SourceContext<'postgres'> => ({
  ...fixture.context,
  name: 'crm',
  source: {
    kind: 'postgres',
    table: 'customers',
    credentials: 'crm',
    owner: { email: 'owner@example.org' },
    columns: {
      customer_id: 'BIGINT',
      email: 'VARCHAR',
      phone: 'VARCHAR',
      spent: 'DECIMAL(10,2)',
      joined: 'TIMESTAMPTZ',
    },
    identities: [
      { type: 'customer_id', column: 'customer_id' },
      { type: 'email', column: 'email' },
      { type: 'phone', column: 'phone' },
    ],
    erasedWhen: 'rowGone',
    holdWhenLosing: 0.5,
    ...source,
  },
});

const askAbout = async (identities: Identity[], context = aSource()) =>
  (await postgres.ask(context, [{ requestId: 'r1', identities }])).get('r1');

const EMAIL = { type: 'email', value: CANARY };

describe('asking a PostgreSQL table', () => {
  it('says gone of somebody who is in no row', async () => {
    await sql(`INSERT INTO customers (email) VALUES ('somebody.else@example.org')`);
    expect(await askAbout([EMAIL])).toEqual({ answer: 'gone' });
  });

  it('counts each row once that still holds the person by any identity', async () => {
    await sql(
      `INSERT INTO customers (customer_id, email) VALUES (7, ' ${CANARY.toUpperCase()} '), (7, NULL), (8, 'x@example.org')`,
    );
    expect(await askAbout([EMAIL, { type: 'customer_id', value: '7' }])).toEqual({
      answer: 'stillHeld',
      rows: 2,
    });
  });

  it('says what else points at the person in those rows, because that goes with the rows', async () => {
    await sql(`INSERT INTO customers (customer_id, email) VALUES (7, '${CANARY}'), (8, 'x@x.org')`);
    const context = aSource({ personKey: 'customer_id' });
    expect(await askAbout([EMAIL], context)).toEqual({
      answer: 'stillHeld',
      rows: 1,
      linked: [{ type: 'customer_id', value: '7' }],
    });
  });

  it('links nobody by a value that stands beside two people', async () => {
    await sql(
      `INSERT INTO customers (customer_id, email) VALUES (7, '${CANARY}'), (8, '${CANARY}')`,
    );
    const context = aSource({ personKey: 'customer_id' });
    expect(await askAbout([EMAIL], context)).toEqual({ answer: 'stillHeld', rows: 2 });
  });

  it.each([
    '+49 30 1234567',
    '0049 30 1234567',
    '030/1234567',
    '(030) 123-4567',
    '+49-30-123 45 67',
  ])('recognises the phone written as %s', async (phone) => {
    await sql(`INSERT INTO customers (phone) VALUES ('${phone}')`);
    expect(await askAbout([{ type: 'phone', value: '+49301234567' }])).toEqual({
      answer: 'stillHeld',
      rows: 1,
    });
  });

  it('answers each of many subjects for itself', async () => {
    await sql(
      `INSERT INTO customers (email) SELECT 'p' || n || '@example.org' FROM generate_series(0, 999, 2) n`,
    );
    const subjects = [...Array(1000).keys()].map((n) => ({
      requestId: `r${n}`,
      identities: [{ type: 'email', value: `p${n}@example.org` }],
    }));
    const answers = await postgres.ask(aSource(), subjects);
    expect(answers.get('r10')).toEqual({ answer: 'stillHeld', rows: 1 });
    expect([...answers.values()].filter(({ answer }) => answer === 'gone')).toHaveLength(500);
  });

  it('takes a row for erased when the declared columns are cleared, though its key remains', async () => {
    const context = aSource({ erasedWhen: { columnsCleared: ['email', 'phone'] } });
    const id = [{ type: 'customer_id', value: '7' }];
    await sql(`INSERT INTO customers (customer_id, email, phone) VALUES (7, ' ', NULL)`);
    expect(await askAbout(id, context)).toEqual({ answer: 'gone' });
    await sql(`UPDATE customers SET phone = '030 1'`);
    expect(await askAbout(id, context)).toEqual({ answer: 'stillHeld', rows: 1 });
  });

  it('cannot tell of a type that may stand in a text, and shows it to a dry run', async () => {
    const context = aSource({
      identities: [
        { type: 'email', column: 'email' },
        { type: 'email', column: 'extra', within: 'text' },
      ],
    });
    await sql(`INSERT INTO customers (customer_id, phone) VALUES (7, 'or ${CANARY}')`);
    expect(await askAbout([EMAIL], context)).toEqual({ answer: 'cannotTell', types: ['email'] });
    const asked = [{ requestId: 'r', identities: [EMAIL] }];
    expect(await findInSource(context, { isNamedFor: () => false }, asked)).toEqual([
      { requestId: 'r', column: 'phone', types: ['email'], rows: 1, whole: false },
    ]);
  });

  it('cannot tell of a type that lies in a nested column, unless another finds the person', async () => {
    const context = aSource({
      identities: [
        { type: 'email', column: 'extra.emails[]' },
        { type: 'customer_id', column: 'customer_id' },
      ],
    });
    await sql('INSERT INTO customers (customer_id) VALUES (7)');
    expect(await askAbout([EMAIL], context)).toEqual({ answer: 'cannotTell', types: ['email'] });
    expect(await askAbout([EMAIL, { type: 'customer_id', value: '7' }], context)).toEqual({
      answer: 'stillHeld',
      rows: 1,
    });
  });

  it('finds values that would break out of a copied line', async () => {
    const value = 'a\\b\tc\nd';
    await connected(server, 'postgres', (client) =>
      client.query('INSERT INTO customers (email) VALUES ($1)', [value]),
    );
    const source = {
      ...aSource(),
      identityTypes: { ref: { normalForm: 'text', points: 'unique' } as const },
    };
    source.source = { ...source.source, identities: [{ type: 'ref', column: 'email' }] };
    expect(await askAbout([{ type: 'ref', value }], source)).toEqual({
      answer: 'stillHeld',
      rows: 1,
    });
  });

  it('leaves no identity in the log of statements', async () => {
    await askAbout([{ type: 'email', value: 'logged.canary@example.org' }]);
    const log = readFileSync(server.log, 'utf8');
    expect(log).toContain('pg_temp.wanted');
    expect(log).not.toContain('logged.canary');
  });
});

describe('a PostgreSQL table that cannot be asked or read', () => {
  const inTrouble = async (context: SourceContext<'postgres'>) => {
    const answer = await askAbout([EMAIL], context);
    const extracted = await postgres.extract(context, 'partitions/crm/trouble/');
    return { answer, extracted };
  };
  const both = (reason: string, cause: string) => ({
    answer: { answer: 'unreachable', reason },
    extracted: expect.objectContaining({
      outcome: 'failed',
      reason,
      cause: expect.stringContaining(cause),
    }),
  });
  const withLogin = async (change: object): Promise<string> => {
    const SecretString = JSON.stringify({ ...credentials(), ...change });
    await secrets
      .send(new CreateSecretCommand({ Name: 'changed', SecretString }))
      .catch(() => secrets.send(new PutSecretValueCommand({ SecretId: 'changed', SecretString })));
    return 'changed';
  };

  it('refuses the login', async () => {
    const context = aSource({ credentials: await withLogin({ password: 'not-the-password' }) });
    const trouble = await inTrouble(context);
    expect(trouble).toEqual(both('loginRefused', 'refused the login'));
    expect(JSON.stringify(trouble)).not.toContain('not-the-password');
  });

  it('is down', async () => {
    const context = aSource({ credentials: await withLogin({ port: 1 }) });
    expect(await inTrouble(context)).toEqual(both('connectionFailed', 'could not be reached'));
  });

  it('has no such table', async () => {
    expect(await inTrouble(aSource({ table: 'nobody.here' }))).toEqual(
      both('tableMissing', 'has no such table'),
    );
  });

  it('has a secret that is missing', async () => {
    expect(await inTrouble(aSource({ credentials: 'no-such-secret' }))).toEqual(
      both('loginRefused', 'no-such-secret'),
    );
  });

  it('may not be read by this user', async () => {
    await sql(`DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN PASSWORD 'guest'`);
    const login = await withLogin({ username: 'guest', password: 'guest' });
    expect(await inTrouble(aSource({ credentials: login }))).toEqual(
      both('accessDenied', 'does not let this user read'),
    );
  });

  it('has lost a declared column', async () => {
    await sql('ALTER TABLE customers DROP COLUMN email');
    expect(await inTrouble(aSource())).toEqual(both('columnMissing', 'email'));
  });
});

describe('extracting a PostgreSQL table', () => {
  it('writes exactly the declared columns, of the declared types', async () => {
    await sql(`INSERT INTO customers (customer_id, email, spent, joined)
      VALUES (7, 'a@example.org', 12.50, '2026-01-02 03:04:05+02')`);
    const extracted = await postgres.extract(aSource(), 'partitions/crm/c-1.1/');
    expect(extracted).toEqual({ outcome: 'successful', rows: 1, bytes: expect.any(Number) });
    const { engine, lake } = fixture.context;
    const url = lake.url('partitions/crm/c-1.1/rows.parquet');
    expect(
      await engine.rows(`SELECT customer_id::VARCHAR AS id, email, phone, spent::VARCHAR AS spent,
        (joined AT TIME ZONE 'UTC')::VARCHAR AS joined FROM '${url}'`),
    ).toEqual([
      {
        id: '7',
        email: 'a@example.org',
        phone: null,
        spent: '12.50',
        joined: '2026-01-02 01:04:05',
      },
    ]);
    expect(await engine.column(`SELECT column_type FROM (DESCRIBE FROM '${url}')`)).toEqual([
      'BIGINT',
      'VARCHAR',
      'VARCHAR',
      'DECIMAL(10,2)',
      'TIMESTAMP WITH TIME ZONE',
    ]);
  });

  it('writes the schema of a table without rows', async () => {
    const extracted = await postgres.extract(aSource(), 'partitions/crm/c-2.1/');
    expect(extracted).toMatchObject({ outcome: 'successful', rows: 0 });
    expect(await rowsOf(fixture.context, 'partitions/crm/c-2.1/rows.parquet')).toEqual([]);
  });

  it('names the column whose values no longer fit, and keeps the value out of its words', async () => {
    await sql(
      `ALTER TABLE customers ALTER customer_id TYPE text; INSERT INTO customers (customer_id) VALUES ('${CANARY}')`,
    );
    const extracted = await postgres.extract(aSource(), 'partitions/crm/c-3.1/');
    expect(extracted).toMatchObject({
      outcome: 'failed',
      reason: 'columnTypeChanged',
      cause: 'The column customer_id holds a value that is not BIGINT.',
    });
    expect(JSON.stringify(extracted)).not.toContain(CANARY);
  });
});
