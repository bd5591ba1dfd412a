import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { all } from '../../lambdas/adapters/dynamo.ts';
import { findRequest, getSubject } from '../../lambdas/adapters/requests.ts';
import { verifyingRows } from '../../lambdas/adapters/verifying.ts';
import { MOST_BYTES } from '../../lambdas/domain/identity.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import { openErasingShop } from './erasing.ts';
import { SENDER } from './shop.ts';
import { emptyTable } from './tables.ts';

const BEYOND = '4,b@example.org,';
/** One person, as seven identities in a chain: 1, a, 2 and a phone, 3 and b, 4. */
const CHAIN = [
  '1,a@example.org,',
  '2,a@example.org,030 1234567',
  '3,b@example.org,030 1234567',
  BEYOND,
];
/** So many that the chain is no loss. */
const OTHERS = [5, 6, 7, 8, 9].map((n) => `${n},p${n}@example.org,`);

let shop: Awaited<ReturnType<typeof openErasingShop>>;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openErasingShop(({ platform }) => {
    platform.limits.identities = 2;
  });
  const ses = new SESClient({});
  for (const EmailAddress of [SENDER, 'admin@shop.example'])
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress }));
});
afterAll(() => shop?.close());
beforeEach(async () => {
  for (const table of ['catalogTable', 'requestsTable', 'ledgerTable'] as const)
    await emptyTable(table);
  await shop.sells(...CHAIN, ...OTHERS);
  await shop.refreshes();
});

/** Resolves a request that the bound was asked about, and decides. Answers what comes of it. */
async function decided(requestId: string, option: string) {
  await shop.asksWhoIsMeant(requestId);
  expect(await shop.decides(requestId, option)).toMatchObject({ outcome: 'accepted' });
  return shop.resolves(requestId);
}

describe('the bound of identities', () => {
  it('is asked about once it is passed, and not before', async () => {
    const chained = await shop.opens('customer_id', '1');
    expect(await shop.resolves(chained)).toMatchObject({ outcome: 'boundReached', unique: 4 });
    expect((await findRequest(chained))?.question).toEqual({
      reasonCode: 'boundReached',
      options: ['followFurther', 'stopFollowing'],
    });
    const another = await shop.opens('customer_id', '9');
    expect(await shop.resolves(another)).toMatchObject({ outcome: 'clear', unique: 2 });
  });

  it('is doubled as often as somebody says so, until everything is found and erased', async () => {
    const requestId = await shop.opens('customer_id', '1');
    await shop.resolves(requestId);
    expect(await decided(requestId, 'followFurther')).toMatchObject({
      outcome: 'boundReached',
      unique: 6,
    });
    expect(await decided(requestId, 'followFurther')).toMatchObject({
      outcome: 'clear',
      unique: 7,
    });
    expect(await findRequest(requestId)).toMatchObject({ bound: 8, gaveUpOn: [] });

    await shop.sells(...OTHERS);
    await shop.letsGo(requestId);
    await shop.runsTheCycle();
    expect(await shop.closes(requestId)).toMatchObject({
      outcome: 'erased',
      identities: { unique: { customer_id: 4, email: 2, phone: 1 } },
      proof: { found: [] },
      gaveUpOn: [],
    });
  });

  it('stands once somebody says so: whoever is beyond it stays, and the certificate says that', async () => {
    const requestId = await shop.opens('customer_id', '1');
    await shop.resolves(requestId);
    expect(await decided(requestId, 'stopFollowing')).toMatchObject({
      outcome: 'clear',
      unique: 4,
    });

    await shop.sells(BEYOND, ...OTHERS);
    await shop.letsGo(requestId);
    await shop.runsTheCycle();
    expect(await shop.closes(requestId)).toMatchObject({
      outcome: 'partlyErased',
      identities: { unique: { customer_id: 2, email: 1, phone: 1 } },
      proof: { found: [] },
      gaveUpOn: ['identities beyond the bound'],
    });
    expect(await shop.holds('crm')).toEqual(['4', '5', '6', '7', '8', '9']);
  });
});

describe('one value that thousands carry, in a source that tells no people apart', () => {
  const thousands = Array.from({ length: 10_000 }, (_, n) => `t${n},none@example.org,`);

  it('is followed as far as can be kept; somebody is asked, and the rest is given up by name', async () => {
    const others = Array.from({ length: 12_000 }, (_, n) => `o${n},o${n}@example.org,`);
    await shop.sells(...thousands, ...others);
    await shop.refreshes();
    const requestId = await shop.opens('customer_id', 't7');
    const resolved = await shop.resolves(requestId);
    expect(resolved.outcome).toBe('boundReached');
    expect(resolved.unique).toBeGreaterThan(1000);
    expect((await findRequest(requestId))?.question?.options).toEqual(['stopFollowing']);
    expect(await decided(requestId, 'stopFollowing')).toMatchObject({
      ...{ outcome: 'clear', unique: resolved.unique },
    });

    await shop.sells(...others);
    await shop.letsGo(requestId);
    await shop.runsTheCycle();
    expect(await shop.closes(requestId)).toMatchObject({
      ...{ outcome: 'partlyErased', gaveUpOn: ['identities beyond the bound'] },
    });
  });

  it('holds up nobody else while the source is asked', async () => {
    await shop.sells(...thousands, ...CHAIN, ...OTHERS);
    const [many, one] = [
      await shop.opens('email', 'none@example.org'),
      await shop.opens('customer_id', '9'),
    ];
    await shop.resolves(many);
    await shop.resolves(one);
    await shop.letsGo(many);
    await shop.letsGo(one);
    const [waiting] = await all(verifyingRows(one));
    expect(waiting?.sources.crm).toMatchObject({ answer: 'stillHeld' });
    // More than a resolution takes: the next one says so.
    const { linked } = await getSubject(RequestId.parse(many));
    const bytes = Buffer.byteLength(JSON.stringify(linked));
    expect(bytes).toBeGreaterThan(MOST_BYTES);
    expect(bytes).toBeLessThanOrEqual(2 * MOST_BYTES + 2);
  });
});
