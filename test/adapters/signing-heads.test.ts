import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compactVerify, importJWK } from 'jose';
import { ulid } from 'ulid';
import { ledgerIn } from '../../cli/ledger.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo } from '../../lambdas/adapters/dynamo.ts';
import { putHead } from '../../lambdas/adapters/evidence-bucket.ts';
import { lastRow, recordChange } from '../../lambdas/adapters/ledger.ts';
import { type PublicKey, publicKey } from '../../lambdas/adapters/signing.ts';
import { digestOf } from '../../lambdas/domain/evidence/jws.ts';
import { hashOfEntry, NOTHING_BEFORE } from '../../lambdas/domain/evidence/ledger-chain.ts';
import { entryOf, type LedgerRow } from '../../lambdas/domain/evidence/ledger-row.ts';
import { rootOf, signedHeadOf } from '../../lambdas/domain/evidence/signing-heads.ts';
import { makeEvidenceBucket, stored, storedHeads, versionsUnder } from './evidence.ts';
import { openShop, type Steps } from './shop.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;

beforeAll(async () => {
  shop = await openShop();
  await makeEvidenceBucket();
  steps = await shop.functions(() => {}, 'evidence');
});
afterAll(() => shop?.close());

const signHeads = () => steps.signHeads?.({}) as Promise<{ outcome: string; n: number }>;
const append = (chain: string) => recordChange([], { chain, event: 'changed', by: 'a-test' });
const aChain = () => `request/${ulid()}`;
const leafOf = async (chain: string) => {
  const last = await lastRow(chain);
  return { chain, seq: last?.seq, hash: last?.hash };
};

describe('signed heads', () => {
  it('cover every chain, by a signature that others can check', async () => {
    const chains = [aChain(), 'cycle/c-1', 'platform', aChain()];
    for (const chain of [...chains, 'platform']) await append(chain);
    expect(await signHeads()).toEqual({ outcome: 'signed', n: 1, chains: 4 });
    const [head] = await storedHeads();
    expect(head?.leaves).toEqual(await Promise.all(chains.toSorted().map(leafOf)));
    const key = await stored<PublicKey>(`keys/${(await publicKey()).kid}.json`);
    const verified = await compactVerify(head?.jws ?? '', await importJWK(key, 'ES256'));
    expect(verified.protectedHeader).toMatchObject({ typ: 'dsr-head', kid: key.kid });
    expect(JSON.parse(Buffer.from(verified.payload).toString())).toEqual({
      version: 1,
      platform: 'shop',
      n: 1,
      signedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      previous: NOTHING_BEFORE,
      size: 4,
      root: rootOf(head?.leaves ?? []),
    });
  });

  it('are not made when nothing has moved', async () => {
    expect(await signHeads()).toEqual({ outcome: 'nothingMoved', n: 1 });
    expect(await versionsUnder('heads/')).toHaveLength(1);
  });

  it('cover what has moved since, and name the head before', async () => {
    const chain = aChain();
    await append(chain);
    await append('platform');
    expect(await signHeads()).toEqual({ outcome: 'signed', n: 2, chains: 2 });
    const [first, second] = await storedHeads();
    expect(second?.leaves).toEqual([await leafOf('platform'), await leafOf(chain)]);
    expect(second && signedHeadOf(second).previous).toBe(digestOf(first?.jws ?? ''));
  });

  it('cover an entry that was begun before the last head, and written after it', async () => {
    const chain = aChain();
    const at = new Date(Date.now() - 50 * 60_000).toISOString();
    const entry = { chain, seq: 1, at, event: 'late', by: 'a-test' };
    const hash = hashOfEntry(NOTHING_BEFORE, entry);
    const place = { pk: chain, sk: '0000000001', day: at.slice(0, 10) };
    const TableName = configuration().ledgerTable;
    await dynamo.send(new PutCommand({ TableName, Item: { ...place, ...entry, hash } }));
    expect(await signHeads()).toMatchObject({ outcome: 'signed', chains: 1 });
    expect((await storedHeads()).at(-1)?.leaves).toEqual([{ chain, seq: 1, hash }]);
    expect(await signHeads()).toMatchObject({ outcome: 'nothingMoved' });
  });

  it('are numbered without gap or fork, however many sign at once', async () => {
    const before = (await storedHeads()).length;
    const chains = Array.from({ length: 30 }, aChain);
    const signed = await Promise.all(
      chains.map(async (chain, at) => {
        await append(chain);
        return at % 3 === 0 ? signHeads() : undefined;
      }),
    );
    await signHeads();
    const numbers = signed.flatMap((one) => (one?.outcome === 'signed' ? [one.n] : []));
    expect(new Set(numbers).size).toBe(numbers.length);
    const heads = await storedHeads();
    expect(await versionsUnder('heads/')).toHaveLength(heads.length);
    expect(heads.map((head) => signedHeadOf(head).n)).toEqual(heads.map((_, at) => at + 1));
    for (const [at, head] of heads.entries())
      if (at > 0) expect(signedHeadOf(head).previous).toBe(digestOf(heads[at - 1]?.jws ?? ''));
    const covered = heads.slice(before).flatMap(({ leaves }) => leaves);
    for (const chain of chains) expect(covered).toContainEqual(await leafOf(chain));
  });
});

describe('the bucket of evidence', () => {
  it.each(['heads/', 'keys/'])('lets nobody delete what lies under %s', async (prefix) => {
    const [{ Key, VersionId } = {}] = await versionsUnder(prefix);
    const Bucket = configuration().evidenceBucket;
    const deleted = new S3Client({ forcePathStyle: true }).send(
      new DeleteObjectCommand({ Bucket, Key, VersionId }),
    );
    await expect(deleted).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(await versionsUnder(prefix)).toContainEqual(expect.objectContaining({ VersionId }));
  });

  it('takes no second head of the same number', async () => {
    const [first] = await storedHeads();
    expect(await putHead(1, { jws: 'another', leaves: [] })).toBe(false);
    expect((await storedHeads())[0]).toEqual(first);
  });
});

describe('the check of the whole ledger', () => {
  const check = async () => {
    const { ledgerTable: table, evidenceBucket: bucket } = configuration();
    const endpoint = process.env.AWS_ENDPOINT_URL as string;
    return ledgerIn({ endpoint }, async () => ({ table, bucket })).verify();
  };

  it('finds nothing wrong, and tells which chains no head covers yet', async () => {
    await signHeads();
    expect(await check()).toMatchObject({ unsigned: [], problems: [] });
    const chain = aChain();
    await append(chain);
    expect(await check()).toMatchObject({ unsigned: [chain], problems: [] });
  });

  it('names the entry that somebody put over the last one of a chain that was signed', async () => {
    const chain = aChain();
    await append(chain);
    await append(chain);
    await signHeads();
    const row = await lastRow(chain);
    const { hash: _, previous = '', ...entry } = entryOf(row as LedgerRow);
    const by = 'somebody-else';
    const Item = { ...row, by, hash: hashOfEntry(previous, { ...entry, by }) };
    await dynamo.send(new PutCommand({ TableName: configuration().ledgerTable, Item }));
    expect((await check()).problems).toEqual([
      { chain, seq: 2, kind: 'changed', words: 'Entry 2 is not the one that was signed.' },
    ]);
  });
});
