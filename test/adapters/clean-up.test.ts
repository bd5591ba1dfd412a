import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import {
  activeSnapshot,
  findPartition,
  findSnapshot,
  partitions,
} from '../../lambdas/adapters/catalog.ts';
import { putPlace } from '../../lambdas/adapters/clean-ups.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { findCycle } from '../../lambdas/adapters/cycles.ts';
import { all, dynamo, transact } from '../../lambdas/adapters/dynamo.ts';
import { changedRequest, newRequest } from '../../lambdas/adapters/requests.ts';
import type { Copy } from '../../lambdas/domain/clean-up.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import { anOpenRequest } from './a-request.ts';
import { aCycle, openShop, runCycle, type Steps } from './shop.ts';
import { emptyTable, everyRow } from './tables.ts';

const DAY = 86_400_000;
let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Steps;
let cleanUp: Steps;
let desk: Steps;
let sweeper: Steps;
let s3: S3Client;
let runs = 0;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  steps = await shop.functions();
  cleanUp = await shop.functions(undefined, 'clean-up-inactive-data');
  desk = await shop.functions(undefined, 'desk');
  sweeper = await shop.functions(undefined, 'sweeper');
  s3 = new S3Client({ forcePathStyle: true });
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: process.env.LAKE_BUCKET,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
});
afterAll(() => {
  s3.destroy();
  shop.close();
});

beforeEach(async () => {
  for (const name of ['catalogTable', 'requestsTable'] as const) await emptyTable(name);
  for (const prefix of ['partitions/', 'snapshots/', 'work/']) await shop.lake.erase(prefix);
  await shop.sells('0,other@example.org,');
});

const table = () => configuration().catalogTable;
const aRun = () => {
  runs += 1;
  return `run-TEST-RUN-${runs}`;
};
const ago = (days: number, ms = 0) => new Date(Date.now() - days * DAY - ms).toISOString();

/** What time would do: that snapshot was superseded then. */
async function wasSuperseded(snapshotId: string, at: string): Promise<void> {
  const set = (key: object, attribute: string) =>
    dynamo.send(
      new UpdateCommand({
        TableName: table(),
        Key: key,
        UpdateExpression: `SET ${attribute} = :at`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':at': at },
      }),
    );
  await set({ pk: 'SNAPSHOT', sk: snapshotId }, 'supersededAt');
  await set({ pk: 'CYCLE', sk: snapshotId }, 'endedAt');
}

const listFor = async (runId: string) => {
  const { outcome } = (await cleanUp.listWhatIsDue?.({ runId, by: 'tests' })) ?? {};
  const list = ((await shop.lake.getJson('work/clean-up/due.json')) ?? []) as (Copy & {
    runId: string;
  })[];
  return { outcome, list: outcome === 'due' ? list : [] };
};

/** What the flow does, state by state. */
async function run(runId = aRun()): Promise<Record<string, unknown>> {
  const { outcome, list } = await listFor(runId);
  for (const copy of list) {
    let answer: Record<string, unknown> | undefined = { outcome: 'more' };
    while (answer?.outcome === 'more') answer = await cleanUp.deleteCopy?.(copy);
  }
  if (outcome === 'due' || outcome === 'nothingDue') {
    await cleanUp.completeCertificates?.({ runId });
    await cleanUp.sweepLeftovers?.({ runId });
    await cleanUp.storeReport?.({ runId });
  }
  return (await desk.readDesk?.({ query: 'cleanUp', runId })) ?? {};
}

async function versionsBelow(prefix: string): Promise<number> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: process.env.LAKE_BUCKET, Prefix: prefix }),
  );
  return Versions.length + DeleteMarkers.length;
}

describe('a clean-up', () => {
  it('erases a package that was written after its request had ended, and no other', async () => {
    const requests = { open: RequestId.parse(ulid()), closed: RequestId.parse(ulid()) };
    await runCycle(steps, 1);
    for (const requestId of Object.values(requests)) {
      await transact([newRequest(anOpenRequest(requestId, new Date()))]);
      await shop.put(`packages/${requestId}/1-A.zip`, 'of a packer that went on');
    }
    await transact([changedRequest(requests.closed, { outcome: 'cancelled' })]);
    expect(await run()).toMatchObject({ packageFolders: 1 });
    expect(await versionsBelow(`packages/${requests.closed}/`)).toBe(0);
    expect(await versionsBelow(`packages/${requests.open}/`)).toBe(1);
    await shop.lake.erase('packages/');
  });

  it('deletes what was replaced more than 30 days ago, and forgets it', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    const report = await run();
    expect(report).toMatchObject({ status: 'done', due: 2, deleted: 2, notYet: 0, failed: 0 });
    expect((report.copies as Copy[]).map(({ copy, why }) => `${copy}: ${why}`)).toEqual([
      'snapshot c-1: superseded',
      'source crm c-1.1: superseded',
    ]);
    expect(report.versions).toBe(4);
    for (const prefix of ['partitions/crm/c-1.1/', 'snapshots/c-1/'])
      expect(await versionsBelow(prefix)).toBe(0);
    expect(await findPartition('crm', 'c-1.1')).toBeUndefined();
    expect(await findSnapshot('c-1')).toBeUndefined();
    expect(await shop.rows('snapshots/c-2/models/customers/rows.parquet')).toHaveLength(1);
  });

  it('keeps what is not old enough, and what is active', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(30, -60_000));
    const before = await everyRow('catalogTable');
    expect(await run()).toMatchObject({ status: 'done', due: 0, notYet: 2 });
    const after = (await everyRow('catalogTable')).map(({ pk, sk }) => `${pk} ${sk}`);
    expect(after).toEqual(expect.arrayContaining(before.map(({ pk, sk }) => `${pk} ${sk}`)));
    expect(await versionsBelow('partitions/crm/')).toBe(4);
  });

  it('lists the same in a dry run, and changes nothing', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    const rows = await everyRow('catalogTable');
    const preview = (await desk.previewCleanUp?.({})) ?? {};
    expect(preview).toMatchObject({ outcome: 'listed', due: 2, notYet: 0 });
    expect(await everyRow('catalogTable')).toEqual(rows);
    const { list } = await listFor(aRun());
    expect((preview.copies as Copy[]).map(({ copy }) => copy)).toEqual(
      list.map(({ copy }) => copy),
    );
  });

  it('deletes what an interrupted run left, also where S3 lists it in three pages', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    const prefix = 'partitions/crm/c-1.1/';
    for (let at = 0; at < 2050; at += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => shop.put(`${prefix}part-${(at + i) % 700}`, `${i}`)),
      );
    for (let i = 0; i < 20; i += 1)
      await s3.send(
        new DeleteObjectCommand({ Bucket: process.env.LAKE_BUCKET, Key: `${prefix}part-${i}` }),
      );
    expect(await run()).toMatchObject({ status: 'done', deleted: 2, versions: 2050 + 20 + 4 });
    expect(await versionsBelow(prefix)).toBe(0);
  });

  it('goes on where it was, when the time of a call is up', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    for (let i = 0; i < 30; i += 1) await shop.put('snapshots/c-1/more', `${i}`);
    const { list } = await listFor(aRun());
    const { deleteCopy } = await import('../../lambdas/steps/cleaning/deleting-copies.ts');
    const snapshot = list.find(({ copy }) => copy === 'snapshot c-1');
    if (!snapshot) throw new Error('It should be due.');
    const { runId, ...copy } = snapshot;
    expect(await deleteCopy(runId as never, copy, -1)).toMatchObject({ outcome: 'more' });
    expect((await findCycle('c-1' as never))?.deleting).toMatchObject({ runId });
    expect(await deleteCopy(runId as never, copy)).toMatchObject({ outcome: 'gone' });
    expect(await deleteCopy(runId as never, copy)).toMatchObject({ outcome: 'gone' });
  });
});

describe('what nobody published', () => {
  it('goes when its cycle has been over for as long, and its rows with it', async () => {
    await runCycle(steps, 1);
    const { cycleId } = await aCycle(2);
    await steps.refreshSource?.({ cycleId, source: 'crm', attempt: 1 });
    await steps.buildModel?.({ cycleId, model: 'customers' });
    expect(await run()).toMatchObject({ due: 0 });
    await sweeper.executionEnded?.({ detail: { name: cycleId, status: 'ABORTED' } });
    await dynamo.send(
      new UpdateCommand({
        TableName: table(),
        Key: { pk: 'CYCLE', sk: cycleId },
        UpdateExpression: 'SET endedAt = :at',
        ExpressionAttributeValues: { ':at': ago(31) },
      }),
    );
    const lock = { pk: 'LOCK', sk: 'CYCLE' };
    await dynamo.send(
      new UpdateCommand({ TableName: table(), Key: lock, UpdateExpression: 'REMOVE holder' }),
    );
    const waiting = { pk: 'R-1', sk: 'REQUEST', listed: 'open', requestId: 'R-1', cycleId };
    const TableName = configuration().requestsTable;
    await dynamo.send(new PutCommand({ TableName, Item: waiting }));
    const report = await run();
    expect(report).toMatchObject({ status: 'done', deleted: 2 });
    // What the cycle found of somebody who still waits is needed, until that request closes.
    expect(report).not.toHaveProperty('cycleRows');
    await emptyTable('requestsTable');
    expect(await run()).toMatchObject({ cycleRows: 1 });
    expect((report.copies as Copy[]).map(({ why }) => why)).toEqual([
      'neverPublished',
      'neverPublished',
    ]);
    const left = (await everyRow('catalogTable')).filter(({ pk, sk }) =>
      `${pk} ${sk}`.includes('c-2'),
    );
    expect(left.filter(({ pk }) => !pk.startsWith('CLEANUP'))).toEqual([]);
    expect(await versionsBelow('snapshots/c-2/')).toBe(0);
  });
});

describe('what the catalog does not know', () => {
  const nameOf = (prefix: string): string =>
    `unknown ${createHash('sha256').update(prefix).digest('hex').slice(0, 16)}`;

  it('is listed, and deleted to the letter; of a foreign name the flow carries a hash', async () => {
    await runCycle(steps, 1);
    for (const key of [
      'partitions/crm/c-77.1/rows.parquet',
      'snapshots/anna.csv',
      'snapshots/anna.csv.other',
      'partitions/x/anna/a',
    ])
      await shop.put(key, 'x');
    expect(await run()).toMatchObject({ due: 0, notYet: 4 });
    const runId = aRun();
    const stranger = { why: 'unknownToCatalog' as const, inactiveSince: ago(31), bytes: 1 };
    const ours = 'partitions/crm/c-77.1/';
    const copies: Copy[] = [
      { ...stranger, copy: `unknown ${ours}`, prefix: ours, cycleId: 'c-77' },
      ...['snapshots/anna.csv', 'partitions/x/anna/'].map((prefix) => ({
        ...stranger,
        copy: nameOf(prefix),
        prefix,
      })),
    ];
    for (const copy of copies) {
      if (copy.prefix !== ours) await transact([putPlace(runId, copy)]);
      const prefix = copy.prefix === ours ? ours : copy.copy;
      expect(await cleanUp.deleteCopy?.({ runId, ...copy, prefix })).toMatchObject({
        outcome: 'gone',
        prefix,
      });
    }
    expect(await versionsBelow('snapshots/anna')).toBe(1);
    for (const { prefix } of copies.filter((one) => one.prefix !== 'snapshots/anna.csv'))
      expect(await versionsBelow(prefix)).toBe(0);
    expect(JSON.stringify(await everyRow('ledgerTable'))).not.toContain('anna');
  });

  it('is left alone where the catalog has come to know it', async () => {
    await runCycle(steps, 1);
    const prefix = 'partitions/crm/c-1.1/';
    const copy = { copy: `unknown ${prefix}`, prefix, why: 'unknownToCatalog', bytes: 1 };
    await aCycle(2);
    await steps.refreshSource?.({ cycleId: 'c-2', source: 'crm', attempt: 1 });
    const late = 'partitions/crm/c-2.1/';
    for (const one of [
      { ...copy, cycleId: 'c-1' },
      { ...copy, copy: `unknown ${late}`, prefix: late, cycleId: 'c-2' },
    ])
      await expect(
        cleanUp.deleteCopy?.({ runId: aRun(), ...one, inactiveSince: ago(31) }),
      ).rejects.toThrow();
    expect(await versionsBelow(prefix)).toBeGreaterThan(0);
    expect(await versionsBelow(late)).toBeGreaterThan(0);
  });
});

describe('a pointer that cannot be trusted', () => {
  it.each(['is gone', 'names nothing'])('deletes nothing where it %s, and says so', async (how) => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    const Key = { pk: 'POINTER', sk: 'ACTIVE' };
    if (how === 'is gone') await dynamo.send(new DeleteCommand({ TableName: table(), Key }));
    else
      await dynamo.send(
        new PutCommand({ TableName: table(), Item: { ...Key, snapshotId: 'c-77' } }),
      );
    const runId = aRun();
    expect(await listFor(runId)).toMatchObject({ outcome: 'pointerUnreadable' });
    expect(await desk.readDesk?.({ query: 'cleanUp', runId })).toMatchObject({
      status: 'stopped',
      reason: how === 'is gone' ? 'pointerMissing' : 'activeSnapshotMissing',
    });
    expect(await desk.previewCleanUp?.({})).toMatchObject({ outcome: 'stopped' });
    expect(await versionsBelow('partitions/crm/')).toBe(4);
  });

  it('moves between the list and the mark, to a snapshot that names what was listed', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    const { list } = await listFor(aRun());
    const Item = { pk: 'POINTER', sk: 'ACTIVE', snapshotId: 'c-1' };
    await dynamo.send(new PutCommand({ TableName: table(), Item }));
    for (const copy of list) await expect(cleanUp.deleteCopy?.(copy)).rejects.toThrow();
    expect(await versionsBelow('partitions/crm/c-1.1/')).toBe(2);
    expect((await findPartition('crm', 'c-1.1'))?.deleting).toBeUndefined();
  });
});

describe('S3', () => {
  it('refuses some keys within a 200: the rest goes, and the catalog forgets nothing', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    const runId = aRun();
    const { list } = await listFor(runId);
    const copy = list.find((one) => one.copy === 'source crm c-1.1');
    await protectedBy('partitions/crm/c-1.1/normalised.parquet', async () => {
      await expect(cleanUp.deleteCopy?.(copy ?? {})).rejects.toThrow('ObjectsNotDeleted');
    });
    expect(await versionsBelow('partitions/crm/c-1.1/')).toBe(1);
    expect((await findPartition('crm', 'c-1.1'))?.deleting).toMatchObject({ runId });
    for (const one of list.filter((other) => other !== copy)) await cleanUp.deleteCopy?.(one);
    expect(await cleanUp.storeReport?.({ runId })).toEqual({ outcome: 'incomplete' });
    expect(await desk.readDesk?.({ query: 'cleanUp', runId })).toMatchObject({
      status: 'incomplete',
      deleted: 1,
      failed: 1,
      keptCopies: [{ copy: 'source crm c-1.1', reason: 'failed' }],
    });
    expect(await run()).toMatchObject({ status: 'done', deleted: 1 });
  });
});

/** A proxy in front of S3 that says of one key, within a 200, that it may not be deleted. */
async function protectedBy(key: string, play: () => Promise<void>): Promise<void> {
  const { lakeThatRefuses } = await import('./refusing-s3.ts');
  const stop = await lakeThatRefuses(key);
  try {
    await play();
  } finally {
    await stop();
    await setTimeout(10);
  }
}

describe('a legal hold', () => {
  const hold = (copies: string[] | 'all') =>
    dynamo.send(
      new PutCommand({
        TableName: table(),
        Item: { pk: 'HOLD', sk: 'R1', requestId: 'R1', since: ago(1), reasonCode: 'x', copies },
      }),
    );

  it('keeps what it names, and the report says for whom', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    await hold(['source crm c-1.1']);
    expect(await run()).toMatchObject({
      status: 'done',
      deleted: 1,
      kept: 1,
      keptCopies: [{ copy: 'source crm c-1.1', reason: 'legalHold', requestId: 'R1' }],
    });
    expect(await versionsBelow('partitions/crm/c-1.1/')).toBe(2);
    // Since when the partition is inactive follows from its snapshot, which is therefore remembered.
    expect(await findSnapshot('c-1')).toMatchObject({ models: {}, emptiedAt: expect.any(String) });
    await dynamo.send(new DeleteCommand({ TableName: table(), Key: { pk: 'HOLD', sk: 'R1' } }));
    expect(await run()).toMatchObject({ deleted: 1, snapshotRows: 1 });
    expect(await all(partitions())).toHaveLength(1);
  });

  it('keeps what it names after it was listed, too', async () => {
    for (const n of [1, 2]) await runCycle(steps, n);
    await wasSuperseded('c-1', ago(31));
    const runId = aRun();
    const { list } = await listFor(runId);
    await hold('all');
    for (const copy of list)
      expect(await cleanUp.deleteCopy?.(copy)).toMatchObject({ outcome: 'held' });
    expect(await cleanUp.storeReport?.({ runId })).toEqual({ outcome: 'done' });
    expect((await findPartition('crm', 'c-1.1'))?.deleting).toBeUndefined();
    expect(await versionsBelow('partitions/crm/c-1.1/')).toBe(2);
    expect(await activeSnapshot()).toMatchObject({ snapshotId: 'c-2' });
  });
});

describe('a reader of what is being deleted', () => {
  it('takes nothing for absent that is not gone, and is not stopped by it', async () => {
    await shop.sells('1,canary.person@example.org,030 1234567');
    await runCycle(steps, 1);
    await shop.sells('0,other@example.org,030 7654321');
    await runCycle(steps, 2);
    await wasSuperseded('c-1', ago(31));
    const { list } = await listFor(aRun());
    const copy = list.find((one) => one.copy === 'source crm c-1.1');
    await protectedBy('partitions/crm/c-1.1/normalised.parquet', async () => {
      await expect(cleanUp.deleteCopy?.(copy ?? {})).rejects.toThrow('ObjectsNotDeleted');
    });
    const { residue } = await runCycle(steps, 3);
    expect(residue.filter(({ kind }) => kind === 'source')).toMatchObject([
      { name: 'crm', cannotBeRead: true, in: ['partitions/crm/c-1.1/'] },
    ]);
    expect(
      await desk.preview?.({ identities: [{ type: 'email', value: 'canary.person@example.org' }] }),
    ).toMatchObject({ outcome: 'found' });
    expect(await cleanUp.deleteCopy?.(copy ?? {})).toMatchObject({ outcome: 'gone' });
    expect((await runCycle(steps, 4)).residue.map(({ kind }) => kind)).not.toContain('source');
  });
});

describe('daily cycles without an erasure', () => {
  it('carry a static segment over, which is still readable when their snapshots are gone', async () => {
    await shop.sells('0,founder@example.org,030 1');
    const daily = async (n: number) => {
      const { cycleId } = await aCycle(n);
      await steps.refreshSource?.({ cycleId, source: 'crm', attempt: 1 });
      await steps.buildModel?.({ cycleId, model: 'customers' });
      await steps.carryOverSegment?.({ cycleId, segment: 'founders' });
      await steps.publishSnapshot?.({ cycleId });
      await steps.endCycle?.({ cycleId });
      if (n === 1) await shop.sells('1,later@example.org,030 2');
    };
    const days = 7;
    for (let n = 1; n <= days; n += 1) await daily(n);
    for (let n = 1; n < days; n += 1) await wasSuperseded(`c-${n}`, ago(32 - n));
    // Superseded 31 days ago, and 30 days and a moment; the rest is younger.
    expect(await run()).toMatchObject({ status: 'done', deleted: 4, notYet: 2 * (days - 3) });
    for (let n = 3; n < days; n += 1) await wasSuperseded(`c-${n}`, ago(31));
    expect(await run()).toMatchObject({ status: 'done', deleted: 2 * (days - 3), notYet: 0 });
    expect(await shop.rows(`snapshots/c-${days}/segments/founders/rows.parquet`)).toEqual([
      { email: 'founder@example.org' },
    ]);
    expect((await activeSnapshot())?.partitions).toEqual({ crm: `c-${days}.1` });
    for (const prefix of ['partitions/crm/', 'snapshots/'])
      expect((await shop.lake.folders(prefix)).folders).toHaveLength(1);
  }, 600_000);
});
