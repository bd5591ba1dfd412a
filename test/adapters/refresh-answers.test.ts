import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  activePointer,
  activeSnapshot,
  lossAccepted,
  sourceRow,
} from '../../lambdas/adapters/catalog.ts';
import { builtTables, findCycle } from '../../lambdas/adapters/cycles.ts';
import { all, transact } from '../../lambdas/adapters/dynamo.ts';
import { CycleId } from '../../lambdas/domain/ids.ts';
import { openShop, runCycle, SENDER, type Steps } from './shop.ts';
import { emptyTable, everyRow } from './tables.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  steps = await shop.functions();
  // The support contact hears of a build that fails.
  await new SESClient({}).send(new VerifyEmailIdentityCommand({ EmailAddress: SENDER }));
});
afterAll(() => shop.close());
beforeEach(() => emptyTable('catalogTable'));

const person = (n: number) => ({ customer_id: `${n}`, email: `p${n}@example.org`, phone: '' });
const people = (count: number) => [...Array(count).keys()].map(person);
const sellsTo = (count: number) =>
  shop.sells(...people(count).map((one) => Object.values(one).join()));

const partition = async () => (await activeSnapshot())?.partitions.crm;
const acceptLoss = () => transact([lossAccepted('crm', 'a-test', new Date().toISOString())]);
const held = (cause: string) => ({
  outcome: 'sourceFailed',
  failedSources: [{ source: 'crm', status: 'heldForLoss', cause: expect.stringContaining(cause) }],
});

describe('a source', () => {
  it('that never gives more than a header is read each time, and holds nobody', async () => {
    await sellsTo(0);
    for (const n of [1, 2]) {
      expect(await runCycle(steps, n)).toMatchObject({ outcome: 'proven', failedSources: [] });
      expect(await sourceRow('crm')).toMatchObject({ status: 'successful', rows: 0 });
      expect(await partition()).toBe(`c-${n}.1`);
    }
  });

  it('that keeps a third of its rows is not adopted before somebody accepts that, once', async () => {
    await sellsTo(9);
    await runCycle(steps, 1);
    await sellsTo(3);
    expect(await runCycle(steps, 2)).toMatchObject(held('it gave 3 rows'));
    expect(await activePointer()).toBe('c-1');

    await acceptLoss();
    expect(await runCycle(steps, 3)).toMatchObject({ outcome: 'proven', failedSources: [] });
    expect(await partition()).toBe('c-3.1');
    await sellsTo(1);
    expect(await runCycle(steps, 4)).toMatchObject(held('it gave 1 row,'));
    expect(await partition()).toBe('c-3.1');
  });

  it('that gives the e-mail under another name is not adopted before somebody accepts that', async () => {
    const lines = await shop.functions(({ platform }) => {
      Object.assign(platform.sources.crm ?? {}, { format: 'jsonLines', prefix: 'lines/' });
    });
    const gives = (rows: object[]) =>
      shop.put('lines/a.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await gives(people(4));
    await runCycle(lines, 1);
    await gives(people(4).map(({ email, ...rest }) => ({ ...rest, mail: email })));
    expect(await runCycle(lines, 2)).toMatchObject(held('it lost most values of email'));
    expect(await partition()).toBe('c-1.1');

    await acceptLoss();
    expect(await runCycle(lines, 3)).toMatchObject({ failedSources: [] });
    expect(await sourceRow('crm')).toMatchObject({ status: 'successful', rows: 4 });
    expect(await partition()).toBe('c-3.1');
  });
});

describe('a model', () => {
  it('that yields nothing is published, and holds nobody', async () => {
    await sellsTo(2);
    const yieldsNothing = await shop.functions(({ sql }) => {
      sql.customers = 'SELECT email, phone FROM crm WHERE false';
    });
    expect(await runCycle(yieldsNothing, 1)).toMatchObject({ outcome: 'proven' });
    expect((await activeSnapshot())?.models.customers).toMatchObject({ rows: 0 });
  });

  it('that fails upon others leaves the old snapshot active, though they were built', async () => {
    await sellsTo(2);
    const models = ['customers', 'buyers', 'loyal'];
    const stacked = (loyal: string) =>
      shop.functions(({ platform, sql }) => {
        const identities = [{ type: 'email', column: 'email' }];
        platform.models.buyers = { reads: ['customers'], identities };
        platform.models.loyal = { reads: ['buyers'], identities };
        Object.assign(sql, { buyers: 'SELECT email FROM customers', loyal });
      });
    await runCycle(await stacked('SELECT email FROM buyers'), 1, { models });
    const result = await runCycle(await stacked('SELECT email, phone FROM buyers'), 2, { models });
    expect(result).toMatchObject({ outcome: 'buildFailed', failedBuild: { name: 'loyal' } });
    const built = await all(builtTables(CycleId.parse('c-2')));
    expect(built.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
      'buyers built',
      'customers built',
      'loyal failed',
    ]);
    expect(await activePointer()).toBe('c-1');
  });
});

describe('a segment', () => {
  it.each([
    ['dynamic', 'buildSegment', { kind: 'dynamic' }],
    ['static, whose SQL may run again,', 'recreateSegment', { recreate: 'rerun' }],
  ])(
    'that is %s fails by its file where its model has dropped a column',
    async (_, segment, how) => {
      await sellsTo(2);
      const reading = (customers: string) =>
        shop.functions(({ platform, sql }) => {
          Object.assign(platform.segments.founders ?? {}, how);
          Object.assign(sql, { customers, founders: 'SELECT email, phone FROM customers' });
        });
      await runCycle(await reading('SELECT email, phone FROM crm'), 1, { segment });
      const result = await runCycle(await reading('SELECT email FROM crm'), 2, { segment });
      expect(result).toMatchObject({
        outcome: 'buildFailed',
        failedBuild: {
          kind: 'segment',
          name: 'founders',
          cause: expect.stringMatching(/^models\/founders\.sql: .*"phone"/),
        },
      });
      expect(await activePointer()).toBe('c-1');
    },
  );
});

describe('a notice that SES refuses', () => {
  it('fails no cycle, is kept as a fault, and stands in the ledger', async () => {
    const mute = await shop.functions((definition) => {
      definition.platform.sender = 'nobody-may-send@shop.example';
      definition.sql.customers = 'SELECT gone FROM crm';
    });
    await sellsTo(2);
    expect(await runCycle(mute, 1)).toMatchObject({ outcome: 'buildFailed' });
    const cycleId = CycleId.parse('c-1');
    expect((await findCycle(cycleId))?.endedAt).toBeDefined();
    expect(await mute.warnSupportContact?.({ cycleId, source: 'crm' })).toEqual({
      outcome: 'nobodyWarned',
    });
    const entered = (await everyRow('ledgerTable')).filter(({ event }) => event === 'nobodyWarned');
    expect(entered.map(({ facts }) => (facts as { kind: string }).kind).sort()).toEqual([
      'buildFailed',
      'sourceFailed',
    ]);
    const faults = (await everyRow('requestsTable')).filter((row) => row.class === 'MailNotSent');
    expect(faults.map(({ execution }) => execution)).toEqual([cycleId, cycleId, cycleId, cycleId]);
  });
});
