import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, dynamo } from '../../lambdas/adapters/dynamo.ts';
import { suppressedPeople } from '../../lambdas/adapters/suppressed-people.ts';
import { everyMail } from '../emulator/sent-mails.ts';
import { openErasingShop } from './erasing.ts';
import { SENDER } from './shop.ts';
import { emptyTable, everyRow } from './tables.ts';

const BASIS = '§ 147 AO: invoices';
const ANNA = '1,anna@example.org,030 1234567';
const BEN = '2,ben@example.org,030 7654321';
const CLARA = '3,clara@example.org,';

let shop: Awaited<ReturnType<typeof openErasingShop>>;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openErasingShop(({ platform }) => {
    const { crm } = platform.sources;
    if (crm?.kind !== 's3') throw new Error('The shop has files.');
    platform.sources.invoices = {
      ...crm,
      prefix: 'invoices/',
      columns: { ...crm.columns, note: 'VARCHAR' },
      retained: { basis: BASIS, until: '10y' },
    };
  });
  const ses = new SESClient({});
  for (const EmailAddress of [SENDER, 'admin@shop.example'])
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress }));
});
afterAll(() => shop?.close());
beforeEach(async () => {
  for (const table of ['catalogTable', 'requestsTable', 'ledgerTable'] as const)
    await emptyTable(table);
  await invoices(`${ANNA},A1`, `${ANNA},A2`, `${ANNA},A3`, `${BEN},B1`);
  await shop.sells(ANNA, BEN, CLARA);
  await shop.refreshes();
});

const invoices = (...lines: string[]) =>
  shop.put('invoices/a.csv', ['customer_id,email,phone,note', ...lines, ''].join('\n'));

/** Whom the CRM has deleted. */
async function erased(customerId: string, ...left: string[]) {
  await shop.sells(...left);
  const { requestId, asked } = await shop.asks('customer_id', customerId);
  await shop.runsTheCycle();
  return { requestId, asked, certificate: await shop.closes(requestId) };
}

/** What time would do. */
const setRow = (table: string, Key: object, values: Record<string, unknown>) =>
  dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key,
      UpdateExpression: `SET ${Object.keys(values).map((name) => `#${name} = :${name}`)}`,
      ExpressionAttributeNames: Object.fromEntries(
        Object.keys(values).map((name) => [`#${name}`, name]),
      ),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  );
const daysOf = (requestId: string, values: Record<string, unknown>) =>
  setRow(configuration().catalogTable, { pk: 'SUPPRESSED', sk: `${requestId}#0` }, values);

const statusOf = async (name: string) =>
  (await shop.refreshes()).find(({ source }) => source === name);

describe('a source that keeps people by law', () => {
  it('is not asked, and is left out of the lake in the very cycle that erases', async () => {
    const { requestId, asked, certificate } = await erased('1', BEN, CLARA);
    expect(asked).toEqual(['crm']);
    expect(certificate).toMatchObject({ outcome: 'erased', proof: { found: [] } });
    const until = new Date(certificate.certifiedAt);
    until.setFullYear(until.getFullYear() + 10);
    expect(certificate.exceptions).toEqual([
      {
        source: 'invoices',
        basis: BASIS,
        until: expect.stringMatching(`^${until.getFullYear()}-`),
      },
    ]);
    expect(await shop.holds('invoices')).toEqual(['B1']);
    expect(await shop.suppressed()).toMatchObject([{ requestId, keptOut: false }]);
  }, 600_000);

  it('stays left out in silence, also after everything else has forgotten the person', async () => {
    const { requestId } = await erased('1', BEN, CLARA);
    // Three of four rows are missing, and no loss.
    expect(await statusOf('invoices')).toMatchObject({
      status: 'successful',
      leftOut: 3,
      resurrected: 0,
    });
    await daysOf(requestId, { suppressedUntil: '2020-01-01' });
    expect(await statusOf('invoices')).toMatchObject({ status: 'successful', leftOut: 3 });
    expect(await shop.holds('invoices')).toEqual(['B1']);
    expect((await shop.suppressed())[0]).not.toHaveProperty('wait');

    await daysOf(requestId, { retained: { invoices: '2020-01-01' } });
    await shop.refreshes();
    expect(await shop.holds('invoices')).toEqual(['A1', 'A2', 'A3', 'B1']);
  }, 600_000);

  it('is left out of a refresh between the proof and the end of the request', async () => {
    await shop.sells(BEN, CLARA);
    const { requestId } = await shop.asks('customer_id', '1');
    await shop.runsTheCycle();
    await shop.refreshes();
    expect(await shop.holds('invoices')).toEqual(['B1']);
    expect((await shop.closes(requestId)).outcome).toBe('erased');
  }, 600_000);

  it('is as before once the request was cancelled', async () => {
    await shop.sells(BEN, CLARA);
    const { requestId } = await shop.asks('customer_id', '1');
    await shop.runsTheCycle();
    await shop.decides(requestId, 'cancelled');
    const certificate = await shop.closes(requestId);
    expect(certificate).toMatchObject({ outcome: 'cancelled', exceptions: [] });
    await shop.refreshes();
    expect(await shop.holds('invoices')).toEqual(['A1', 'A2', 'A3', 'B1']);
    expect(await all(suppressedPeople(new Date()))).toEqual([]);
  }, 600_000);
});

describe('a person whom a backup brings back', () => {
  it('stays out and is told, until somebody says that they signed up anew', async () => {
    const { requestId } = await erased('1', BEN, CLARA);
    await shop.sells(ANNA, BEN, CLARA);
    expect(await statusOf('crm')).toMatchObject({ leftOut: 1, resurrected: 1 });
    expect(await shop.holds('crm')).toEqual(['2', '3']);

    const [{ wait } = {}] = await shop.suppressed();
    expect(wait).toMatchObject({ kind: 'resurrected', role: 'tenantAdmin' });
    const mails = await mailsAbout(requestId);
    expect(mails).toHaveLength(1);
    expect(mails[0]).not.toMatch(/anna|1234567/i);
    await shop.refreshes();
    expect(await mailsAbout(requestId)).toHaveLength(1);

    expect(await shop.decides(requestId, 'signedUpAnew')).toMatchObject({ outcome: 'accepted' });
    await shop.refreshes();
    expect(await shop.holds('crm')).toEqual(['1', '2', '3']);
    // What the law lets the shop keep of the one who was erased stays out.
    expect(await shop.holds('invoices')).toEqual(['B1']);
    const entries = (await everyRow('ledgerTable')).filter(
      ({ pk }) => pk === `request/${requestId}`,
    );
    const events = entries.map(({ event }) => event);
    expect(events.filter((event) => event === 'resurrected')).toHaveLength(1);
    expect(entries).toContainEqual(
      expect.objectContaining({
        event: 'decided',
        by: 'a-test',
        facts: expect.objectContaining({ option: 'signedUpAnew' }),
      }),
    );
  }, 600_000);

  it('stays out for good once somebody decided so, and nobody is asked again', async () => {
    const { requestId } = await erased('1', BEN, CLARA);
    await shop.sells(ANNA, BEN, CLARA);
    await shop.refreshes();
    await shop.decides(requestId, 'keepOut');
    expect(await statusOf('crm')).toMatchObject({ leftOut: 1, resurrected: 0 });
    expect(await shop.suppressed()).toMatchObject([{ requestId, keptOut: true }]);
    expect((await shop.suppressed())[0]).not.toHaveProperty('wait');
    expect(await shop.decides(requestId, 'signedUpAnew')).toMatchObject({ outcome: 'notAsked' });
  }, 600_000);

  it('is recognised by the key of their time, also when it was turned since', async () => {
    await erased('1', BEN, CLARA);
    const Key = { pk: 'suppression' };
    await setRow(configuration().requestKeysTable, Key, { since: '2020-01-01T00:00:00.000Z' });
    await erased('2', CLARA);
    const versions = (await all(suppressedPeople(new Date()))).map(({ keyVersion }) => keyVersion);
    expect(new Set(versions).size).toBe(2);
    await shop.sells(ANNA, BEN, CLARA);
    expect(await statusOf('crm')).toMatchObject({ leftOut: 2, resurrected: 2 });
    expect(await shop.holds('crm')).toEqual(['3']);
  }, 600_000);

  it('stops the refresh when the key is gone: nobody would be recognised', async () => {
    const { requestId } = await erased('1', BEN, CLARA);
    await daysOf(requestId, { keyVersion: 99 });
    const [crm] = await shop.refreshes();
    expect(crm).toMatchObject({ status: 'failedRetrying' });
    expect(await shop.holds('crm')).toEqual(['2', '3']);
  }, 600_000);
});

async function mailsAbout(requestId: string): Promise<string[]> {
  return (await everyMail())
    .map((mail) => JSON.stringify(mail))
    .filter((mail) => mail.includes(`${requestId}/resurrected`));
}
