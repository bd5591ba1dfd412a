import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { ulid } from 'ulid';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, dynamo, transact } from '../../lambdas/adapters/dynamo.ts';
import { keepFault } from '../../lambdas/adapters/faults.ts';
import { outstandingRows } from '../../lambdas/adapters/outstanding.ts';
import { newKey, openerOf, seal } from '../../lambdas/adapters/request-keys.ts';
import {
  findRequest,
  keepLinked,
  readSealed,
  readSubject,
  type SealedSubject,
  sealedText,
} from '../../lambdas/adapters/requests.ts';
import { publicKey } from '../../lambdas/adapters/signing.ts';
import { digestOf } from '../../lambdas/domain/evidence/jws.ts';
import { aFlow } from './a-flow.ts';
import { CANARY } from './fixture.ts';
import { aCycle, openShop, PERSON, runCycle, type Steps } from './shop.ts';
import { emptyTable, everyRow } from './tables.ts';

const DAY = 86_400_000;
let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;
let request: Steps;
let cleanUp: Steps;
let desk: Steps;
let purging: Steps;
let runs = 0;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  steps = await shop.functions();
  request = await shop.functions(undefined, 'delete-customer-data');
  cleanUp = await shop.functions(undefined, 'clean-up-inactive-data');
  desk = await shop.functions(undefined, 'desk');
  purging = await shop.functions(({ platform }) => {
    platform.retention.purgeSupersededAfterErasure = true;
  }, 'clean-up-inactive-data');
});
afterAll(() => shop.close());

beforeEach(async () => {
  for (const table of ['catalogTable', 'requestsTable'] as const) await emptyTable(table);
  for (const prefix of ['partitions/', 'snapshots/', 'work/']) await shop.lake.erase(prefix);
});

const names = () => {
  runs += 1;
  return `run-TEST-RUN-${runs}`;
};

/** An erasure that has gone through its cycle, c-2, after c-1 had brought the person. */
async function anErasure(): Promise<string> {
  await shop.sells(`1,${CANARY},030 1234567`, '2,other@example.org,030 7654321');
  await runCycle(steps, 1);
  await shop.sells('2,other@example.org,030 7654321', '3,third@example.org,030 7654322');
  const before = new Set((await everyRow('requestsTable')).map(({ pk }) => pk));
  await runCycle(steps, 2);
  const rows = await everyRow('requestsTable');
  const requestId = rows.find(({ pk, sk }) => sk === 'REQUEST' && !before.has(pk))?.pk ?? '';
  const key = await newKey(requestId);
  const subject: SealedSubject = {
    seed: [PERSON],
    subject: { unique: [PERSON], shared: [] },
    candidates: [],
    ambiguities: [],
    answers: [],
  };
  const sealed = async (name: string, text: string) =>
    sealedText(requestId, name, await key.seal(text), new Date());
  await transact([
    key.write,
    await sealed('SUBJECT', JSON.stringify(subject)),
    await sealed('FREETEXT#reference', `about ${CANARY}`),
  ]);
  await keepLinked(requestId, 'crm', [{ type: 'phone', value: '+49301234567' }]);
  await keepFault(
    { faultId: ulid(), step: 'askSource', class: 'Error', error: new Error(`row of ${CANARY}`) },
    { requestId },
  );
  await dynamo.send(
    new UpdateCommand({
      TableName: configuration().requestsTable,
      Key: { pk: requestId, sk: 'REQUEST' },
      UpdateExpression: 'SET held = :yes',
      ExpressionAttributeValues: { ':yes': true },
    }),
  );
  return requestId;
}

const certify = (requestId: string) => request.certify?.({ requestId, round: 1 });
const close = (requestId: string) => request.closeRequest?.({ requestId, round: 1 });

async function run(functions: Steps): Promise<Record<string, unknown>> {
  const runId = names();
  const { outcome } = (await functions.listWhatIsDue?.({ runId, by: 'tests' })) ?? {};
  const list = (await shop.lake.getJson('work/clean-up/due.json')) as { runId: string }[];
  if (outcome === 'due') for (const copy of list) await functions.deleteCopy?.(copy);
  await functions.completeCertificates?.({ runId });
  await functions.sweepLeftovers?.({ runId });
  await functions.storeReport?.({ runId });
  return (await desk.readDesk?.({ query: 'cleanUp', runId })) ?? {};
}

async function wasSupersededLongAgo(snapshotId: string): Promise<void> {
  const at = new Date(Date.now() - 31 * DAY).toISOString();
  await dynamo.send(
    new UpdateCommand({
      TableName: configuration().catalogTable,
      Key: { pk: 'SNAPSHOT', sk: snapshotId },
      UpdateExpression: 'SET supersededAt = :at',
      ExpressionAttributeValues: { ':at': at },
    }),
  );
}

const certificateOf = async (requestId: string) =>
  (await desk.readDesk?.({ query: 'certificate', requestId })) as unknown as {
    certificate: { residue: { kind: string }[] };
    jws: string;
    completion?: { completion: Record<string, unknown>; jws: string };
  };

describe('the certificate of an erasure', () => {
  it('is completed when the last copy that it names is gone, and not before', async () => {
    const requestId = await anErasure();
    await certify(requestId);
    await close(requestId);
    const before = await certificateOf(requestId);
    expect(before.certificate.residue.map(({ kind }) => kind).sort()).toEqual([
      'model',
      'segment',
      'source',
    ]);
    expect(await all(outstandingRows())).toMatchObject([
      { requestId, copies: { 'source crm': 'c-1.1', snapshot: 'c-1' } },
    ]);

    expect(await run(cleanUp)).toMatchObject({ deleted: 0 });
    expect((await certificateOf(requestId)).completion).toBeUndefined();

    await wasSupersededLongAgo('c-1');
    expect(await run(cleanUp)).toMatchObject({ deleted: 2, certificatesCompleted: 1 });
    const { completion, jws } = (await certificateOf(requestId)).completion ?? {};
    expect(completion).toEqual({
      version: 1,
      requestId,
      completedAt: expect.any(String),
      certificate: digestOf(before.jws),
      prefixes: ['partitions/crm/c-1.1/', 'snapshots/c-1/'],
    });
    expect(decodeProtectedHeader(jws ?? '')).toMatchObject({ typ: 'dsr-completion' });
    const verified = await jwtVerify(jws ?? '', await importJWK(await publicKey(), 'ES256'));
    expect(verified.payload).toEqual(completion);
    expect(await all(outstandingRows())).toEqual([]);
    expect(await desk.readDesk?.({ query: 'status', requestId })).toMatchObject({
      residueGoneAt: completion?.completedAt,
    });
    const events = (await everyRow('ledgerTable')).filter(
      ({ pk }) => pk === `request/${requestId}`,
    );
    expect(events.map(({ event }) => event)).toContain('residueGone');
  });

  it('is not completed while something lies under a prefix that the catalog has forgotten', async () => {
    const requestId = await anErasure();
    await certify(requestId);
    await close(requestId);
    await wasSupersededLongAgo('c-1');
    const runId = names();
    await cleanUp.listWhatIsDue?.({ runId, by: 'tests' });
    const list = (await shop.lake.getJson('work/clean-up/due.json')) as object[];
    for (const copy of list) await cleanUp.deleteCopy?.(copy);
    await shop.put('partitions/crm/c-1.1/late.parquet', CANARY);
    expect(await cleanUp.completeCertificates?.({ runId })).toMatchObject({ completed: 0 });
    await shop.lake.erase('partitions/crm/c-1.1/');
    expect(await cleanUp.completeCertificates?.({ runId })).toMatchObject({ completed: 1 });
    expect(await cleanUp.completeCertificates?.({ runId })).toMatchObject({ completed: 0 });
  });
});

describe('purgeSupersededAfterErasure', () => {
  it('deletes what the erasure superseded as soon as it has closed, and completes it', async () => {
    const requestId = await anErasure();
    await certify(requestId);
    expect(await run(purging)).toMatchObject({ deleted: 0 });
    await close(requestId);
    expect(await run(purging)).toMatchObject({ deleted: 2, certificatesCompleted: 1 });
    expect((await certificateOf(requestId)).completion).toBeDefined();
  });

  it('is started by the sweep, once a closed request', async () => {
    const flow = await aFlow({ Type: 'Succeed' });
    process.env.CLEAN_UP_INACTIVE_DATA_ARN = flow;
    const sweeper = await shop.functions(({ platform }) => {
      platform.retention.purgeSupersededAfterErasure = true;
    }, 'sweeper');
    // Its other works find no flows here.
    const sweep = () => sweeper.sweep?.({}).catch(() => undefined);
    const started = async () => {
      const { executions = [] } = await new SFNClient({}).send(
        new ListExecutionsCommand({ stateMachineArn: flow }),
      );
      return executions.map(({ name }) => name);
    };
    const requestId = await anErasure();
    await certify(requestId);
    await sweep();
    expect(await started()).toEqual([]);
    await close(requestId);
    await sweep();
    await sweep();
    expect(await started()).toEqual([`run-${requestId}`]);
    expect(await all(outstandingRows())).toMatchObject([{ purgeStartedAt: expect.any(String) }]);
  });

  it('leaves alone what no erasure superseded, and what a hold keeps', async () => {
    const requestId = await anErasure();
    await certify(requestId);
    await close(requestId);
    const hold = { pk: 'HOLD', sk: 'R1' };
    const TableName = configuration().catalogTable;
    const copies = ['source crm c-1.1'];
    await dynamo.send(
      new PutCommand({ TableName, Item: { ...hold, requestId: 'R1', since: '', copies } }),
    );
    expect(await run(purging)).toMatchObject({ deleted: 1, kept: 1 });
    expect((await certificateOf(requestId)).completion).toBeUndefined();
    await dynamo.send(new DeleteCommand({ TableName, Key: hold }));
    expect(await run(purging)).toMatchObject({ deleted: 1, certificatesCompleted: 1 });
    await runCycle(steps, 3);
    expect(await run(purging)).toMatchObject({ deleted: 0, notYet: 2 });
  });
});

describe('a request that has closed', () => {
  /** What a restored table would have: every row as it was then. */
  const restore = async (rows: Record<string, unknown>[]) => {
    await emptyTable('requestsTable');
    for (const Item of rows)
      await dynamo.send(new PutCommand({ TableName: configuration().requestsTable, Item }));
  };

  it('can be read by nobody, also in a copy of its table from before', async () => {
    const requestId = await anErasure();
    await certify(requestId);
    const backup = await everyRow('requestsTable');
    expect(await readSubject(requestId)).toMatchObject({ subject: { unique: [PERSON] } });
    await close(requestId);
    await restore(backup);
    expect(await findRequest(requestId)).toMatchObject({ status: 'open' });
    expect(await openerOf(requestId)).toBeUndefined();
    expect(await readSubject(requestId)).toBeUndefined();
    const sealed = backup.filter((row) => typeof row.sealed === 'string' && row.pk === requestId);
    expect(sealed.map(({ sk }) => sk.replace(/#.*/, '')).sort()).toEqual([
      'FAULT',
      'FREETEXT',
      'LINKED',
      'SECRET',
      'SUBJECT',
    ]);
    for (const { sk } of sealed) expect(await readSealed(requestId, sk)).toBeUndefined();
    expect(await seal(requestId, 'anything')).toBeUndefined();
    expect(await desk.disclose?.({ target: requestId, by: 'tests' })).toEqual({
      outcome: 'unreadable',
    });
    const text = JSON.stringify(backup);
    for (const known of [CANARY, '+49301234567', '30 1234567']) expect(text).not.toContain(known);
  });

  it('leaves no sealed row behind the next clean-up, and keeps all else', async () => {
    const requestId = await anErasure();
    await certify(requestId);
    await close(requestId);
    const open = (await aCycle(9)).requestId;
    const key = await newKey(open);
    await transact([key.write, sealedText(open, 'SUBJECT', await key.seal('{}'), new Date())]);
    expect(await run(cleanUp)).toMatchObject({ sealedRows: 5 });
    const rows = await everyRow('requestsTable');
    const kinds = rows.filter(({ pk }) => pk === requestId).map(({ sk }) => sk.replace(/#.*/, ''));
    expect([...new Set(kinds)].sort()).toEqual([
      'CERTIFICATE',
      'REQUEST',
      'RESIDUE',
      'RESULT',
      'WAIT',
    ]);
    expect(rows.filter(({ pk, sk }) => pk === open && sk === 'SUBJECT')).toHaveLength(1);
    expect(await run(cleanUp)).not.toHaveProperty('sealedRows');
  });
});
