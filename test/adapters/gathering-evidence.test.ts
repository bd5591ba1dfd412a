import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isAbout, verifyBundle } from '../../cli/verifier.ts';
import { findCertificate } from '../../lambdas/adapters/certificates.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo, getRow, transact } from '../../lambdas/adapters/dynamo.ts';
import { recordChange } from '../../lambdas/adapters/ledger.ts';
import { newKey } from '../../lambdas/adapters/request-keys.ts';
import { readSealed, sealedRow } from '../../lambdas/adapters/requests.ts';
import type { Certificate } from '../../lambdas/domain/certificate.ts';
import type { EvidenceBundle } from '../../lambdas/domain/evidence/documents.ts';
import { payloadOf } from '../../lambdas/domain/evidence/jws.ts';
import type { LedgerRow } from '../../lambdas/domain/evidence/ledger-row.ts';
import { written } from '../evidence/a-bundle.ts';
import { makeEvidenceBucket } from './evidence.ts';
import { openShop, PERSON, runCycle, type Steps } from './shop.ts';
import { everyRow } from './tables.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Record<'evidence' | 'desk' | 'flow', Steps>;
let requestId: string;
let secret: string;

const GIVEN = { type: 'customer_id', value: 'C-77' };
const PHONE = { type: 'phone', value: '+49301234567' };
const gather = () => steps.desk.gatherEvidence?.({ requestId }) as Promise<{ outcome: string }>;
const certify = () => steps.flow.certify?.({ requestId, round: 1 });

/** A request of somebody whom the shop never knew, past its cycle. */
beforeAll(async () => {
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  shop = await openShop();
  await makeEvidenceBucket();
  await shop.sells('C-1,bob@example.com,', 'C-2,eve@example.com,');
  await runCycle(await shop.functions(), 1);
  requestId = (await everyRow('requestsTable')).find(({ sk }) => sk === 'REQUEST')?.pk ?? '';
  await transact([(await newKey(requestId)).write]);
  const subject = { unique: [PERSON], shared: [PHONE] };
  const sealed = { seed: [PERSON, GIVEN], subject, candidates: [], ambiguities: [], answers: [] };
  const row = await sealedRow(requestId, 'SUBJECT', JSON.stringify(sealed));
  await transact(row ? [row] : []);
  const [evidence, desk, flow] = await Promise.all(
    ['evidence', 'desk', 'delete-customer-data'].map((file) => shop.functions(() => {}, file)),
  );
  steps = { evidence, desk, flow } as typeof steps;
});
afterAll(() => shop?.close());

describe('evidence of a request', () => {
  it('is none before it is closed', async () => {
    expect(await gather()).toEqual({ outcome: 'notYet' });
    expect(await steps.desk.gatherEvidence?.({ requestId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })).toEqual({
      outcome: 'unknown',
    });
  });

  it('begins with a certificate that is signed once, of what the cycle did', async () => {
    expect(await certify()).toEqual({ outcome: 'nothingHeld' });
    const first = await findCertificate(requestId);
    secret = (await readSealed(requestId, 'SECRET')) ?? '';
    await certify();
    expect(await findCertificate(requestId)).toEqual(first);
    const table = (kind: string, name: string) => ({
      ...{ kind, name, rows: 2 },
      bytes: expect.any(Number),
    });
    const certificate = payloadOf<Certificate>(first ?? '');
    expect(certificate).toMatchObject({
      version: 2,
      outcome: 'nothingHeld',
      exceptions: [],
      refresh: {
        cycleId: 'c-1',
        publishedAt: expect.stringMatching(/^\d{4}-/),
        sources: [{ source: 'crm', status: 'successful', at: expect.stringMatching(/^\d{4}-/) }],
      },
      proof: { depth: 'deep', tables: 3, rows: 6, found: [] },
      ledger: { chain: `request/${requestId}`, seq: expect.any(Number) },
    });
    const { scanned = [], bytes } = certificate?.proof ?? {};
    expect(scanned).toEqual(
      expect.arrayContaining([
        table('source', 'crm'),
        table('model', 'customers'),
        table('segment', 'founders'),
      ]),
    );
    for (const each of scanned) expect(each.bytes).toBeGreaterThan(100);
    expect(bytes).toBe(scanned.reduce((sum, each) => sum + each.bytes, 0));
  });

  it('waits until a head covers the certificate', async () => {
    await steps.flow.closeRequest?.({ requestId, round: 1 });
    expect(await gather()).toEqual({ outcome: 'notSigned' });
  });

  it('holds for whoever has the file alone, and is about the person', async () => {
    await steps.evidence.signHeads?.({});
    const verdict = await verified();
    expect(verdict.problems).toEqual([]);
    expect(verdict).toMatchObject({ valid: true, head: { n: 1 } });
    const certificate = verdict.certificate ?? {};
    expect(certificate).toEqual(payloadOf((await findCertificate(requestId)) ?? ''));
    for (const each of [PERSON, GIVEN, PHONE])
      expect(isAbout(certificate, secret, each)).toBe(true);
    expect(isAbout(certificate, secret, { ...PERSON, value: 'bob@example.com' })).toBe(false);
  });

  it('ends where the last head does', async () => {
    const before = await verified();
    await recordChange([], { chain: `request/${requestId}`, event: 'disclosed', by: 'somebody' });
    const after = await verified();
    expect(after).toEqual(before);
    await steps.evidence.signHeads?.({});
    expect(await verified()).toMatchObject({
      valid: true,
      head: { n: 2 },
      entries: before.entries + 1,
    });
  });

  it('does not hold any more when a row of the ledger is overwritten', async () => {
    const TableName = configuration().ledgerTable;
    const row = await getRow<LedgerRow>(TableName, `request/${requestId}`, '0000000002');
    await dynamo.send(new PutCommand({ TableName, Item: { ...row, by: 'somebody-else' } }));
    const { problems } = await verified();
    expect(problems).toEqual([
      { code: 'changedEntry', words: expect.stringMatching(/^Entry 2 \(certify\) does not come/) },
    ]);
  });
});

async function verified() {
  const gathered = (await gather()) as { bundle?: EvidenceBundle & { certificate: string } };
  if (!gathered.bundle) throw new Error(JSON.stringify(gathered));
  return verifyBundle(written(gathered.bundle));
}
