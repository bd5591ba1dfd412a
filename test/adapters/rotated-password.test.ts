import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PostgresServer } from '../../infra/local/postgres.ts';
import { sourceRow } from '../../lambdas/adapters/catalog.ts';
import { testPostgres } from '../emulator/platform.ts';
import { aDeclaredDatabase, credentialsOf, keepSecret, runSql } from './a-database.ts';
import { aCycle, openShop, type Steps } from './shop.ts';

// Roles are the whole server's, secrets the whole emulator's: names of its own.
const [table, username, credentials] = ['rotated', 'rotated_reader', 'rotated-password'];
const attempts = 3;

let shop: Awaited<ReturnType<typeof openShop>>;
let server: PostgresServer;
let steps: Steps;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  server = await testPostgres();
  await runSql(
    server,
    `CREATE TABLE ${table} AS SELECT 1::int AS customer_id, 'anna@example.org' AS email;
     CREATE ROLE ${username} LOGIN; GRANT SELECT ON ${table} TO ${username}`,
  );
  steps = await shop.functions(({ platform }) => {
    platform.sources.crm = aDeclaredDatabase({ table, credentials });
    platform.refresh.attempts = attempts;
  });
});
afterAll(() => shop.close());

const databaseTakes = (password: string) =>
  runSql(server, `ALTER ROLE ${username} PASSWORD '${password}'`);
const secretSays = (password: string) =>
  keepSecret(credentials, { ...credentialsOf(server), username, password });

const refreshed = (cycleId: string, attempt: number) =>
  steps.refreshSource?.({ cycleId, source: 'crm', attempt });

describe('a password that is changed during a cycle', () => {
  it('is no question to anybody when the secret follows within the attempts', async () => {
    const { cycleId } = await aCycle(1);
    await secretSays('old');
    await databaseTakes('new');
    expect(await refreshed(cycleId, 1)).toMatchObject({ outcome: 'failedRetrying', attempt: 2 });
    await secretSays('new');
    expect(await refreshed(cycleId, 2)).toMatchObject({ outcome: 'successful', rows: 1 });
  });

  it('fails for good after the last attempt, as long as the secret has another', async () => {
    const { cycleId } = await aCycle(2);
    await secretSays('older');
    await databaseTakes('newer');
    expect(await refreshed(cycleId, attempts - 1)).toMatchObject({ outcome: 'failedRetrying' });
    expect(await refreshed(cycleId, attempts)).toMatchObject({ outcome: 'failedPermanent' });
    expect((await sourceRow('crm'))?.cause).toContain('refused the login');
  });
});
