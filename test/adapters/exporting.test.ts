import { createHash } from 'node:crypto';
import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { filesIn } from '../../infra/local/read-zip.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { neededNoLonger, stillNeeded } from '../../lambdas/adapters/gatherings.ts';
import type { StoredPackage } from '../../lambdas/adapters/package/write-package.ts';
import { changedRegistration, findRegistration } from '../../lambdas/adapters/registered-admin.ts';
import { changedRequest } from '../../lambdas/adapters/requests.ts';
import { findResult } from '../../lambdas/adapters/results.ts';
import { findWait } from '../../lambdas/adapters/waits.ts';
import type { Manifest } from '../../lambdas/domain/export/manifest.ts';
import type { Identity } from '../../lambdas/domain/identity.ts';
import type { RequestId } from '../../lambdas/domain/ids.ts';
import type { PlatformDefinition } from '../../lambdas/domain/platform.ts';
import type { Request } from '../../lambdas/domain/request.ts';
import { rowsOfUser } from '../../lambdas/domain/user.ts';
import { DISCLOSURE } from '../domain/export/an-export.ts';
import { aFlow } from './a-flow.ts';
import { anExportOf as aKnownExport } from './a-request.ts';
import { CANARY } from './fixture.ts';
import { openShop, PERSON, runCycle, type Steps } from './shop.ts';
import { everyRow } from './tables.ts';
import { versionsBelow } from './versions.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let gathering: Steps;
let sweeper: Steps;
let exporting: Steps;

const HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>';
const OTHER = 'other@example.org';
const customer = (value: string): Identity => ({ type: 'customer_id', value });
/** As the resolution leaves her: nothing stands beside her that is not known. */
const RESOLVED = [PERSON, customer(HOSTILE), customer('2')];
/** Of two people, so that nobody is followed by it. */
const SHARED = [{ type: 'phone', value: '+49301234567' }];

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  await new S3Client({ forcePathStyle: true }).send(
    new PutBucketVersioningCommand({
      Bucket: process.env.LAKE_BUCKET,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  await shop.sells(
    `"${HOSTILE.replaceAll('"', '""')}",${CANARY},+49 30 1234567`,
    `2,${CANARY.toUpperCase()},`,
    `3,${OTHER},+49 30 1234567`,
  );
  await runCycle(await shop.functions(), 1);
  const flows = ['GATHER_EXPORTS', 'EXPORT_DATA', 'DELETE_CUSTOMER_DATA', 'VERIFY_SOURCES'];
  for (const flow of [...flows, 'REFRESH_CYCLE', 'CLEAN_UP_INACTIVE_DATA'])
    process.env[`${flow}_ARN`] = await aFlow({ Type: 'Wait', Seconds: 3600, End: true });
  const disclosed = ({ platform }: PlatformDefinition) => {
    platform.disclosure = DISCLOSURE;
  };
  gathering = await shop.functions(disclosed, 'gather-exports');
  sweeper = await shop.functions(disclosed, 'sweeper');
  exporting = await shop.functions(disclosed, 'export-data');
});
afterAll(() => shop?.close());

/** As far as the rows of who is meant are to be gathered. */
const anExportOf = (unique: Identity[], change?: Partial<Request>): Promise<RequestId> =>
  aKnownExport({ unique, shared: SHARED }, change);

const turn = async (): Promise<string> => {
  const rows = await everyRow('catalogTable');
  return String(rows.find(({ pk, sk }) => pk === 'LOCK' && sk === 'GATHER')?.holder);
};

/** What a gathering's flow does up to its door, and what it then gathers. */
async function gathers(gatheringId: string) {
  const door = await gathering.closeTheDoor?.({ gatheringId });
  for (const table of (door?.tables ?? []) as string[])
    await gathering.gatherTable?.({ gatheringId, table });
  return door;
}

async function gathersAll(): Promise<string> {
  const gatheringId = await turn();
  await gathers(gatheringId);
  await gathering.releaseGathered?.({ gatheringId });
  await gathering.endGathering?.({ gatheringId });
  return gatheringId;
}

async function storedFor(requestId: string) {
  const [{ key } = { key: '' }] = await shop.lake.list(`packages/${requestId}/`);
  const chunks: Buffer[] = [];
  for await (const chunk of await shop.lake.read(key)) chunks.push(chunk as Buffer);
  return { key, bytes: Buffer.concat(chunks) };
}

async function packageOf(requestId: string) {
  const { bytes } = await storedFor(requestId);
  return { bytes, ...(await contentsOf(bytes)) };
}

async function contentsOf(zip: Buffer) {
  const files = await filesIn(zip);
  const text = (path: string) => files.get(path)?.toString('utf8') ?? '';
  return { files, text, manifest: JSON.parse(text('manifest.json')) as Manifest };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('an export of a customer', () => {
  let requestId: RequestId;
  let gatheringId: string;

  beforeAll(async () => {
    requestId = await anExportOf(RESOLVED);
    expect(await exporting.joinGathering?.({ requestId, round: 1 })).toEqual({
      outcome: 'joined',
      wait: 'WAIT#gathering#1',
    });
    gatheringId = await gathersAll();
    expect(await exporting.packageExport?.({ requestId, round: 1 })).toEqual({
      outcome: 'packaged',
      tables: 3,
      rows: 6,
    });
  });

  it('is a ZIP whose manifest lists every other file with its hash', async () => {
    const { files, manifest, bytes } = await packageOf(requestId);
    const others = [...files].filter(([path]) => path !== 'manifest.json');
    expect(manifest.files).toEqual(
      others.map(([path, contents]) => ({
        path,
        mediaType: expect.any(String),
        bytes: contents.length,
        sha256: sha256(contents),
      })),
    );
    expect(
      [...files.keys()].filter((path) => !/^(tables\/)?[a-z0-9_-]+(\.[a-z]+)+$/.test(path)),
    ).toEqual([]);
    expect(await findResult(requestId, 'packageExport', 1)).toEqual({
      outcome: 'packaged',
      key: expect.stringMatching(new RegExp(`^packages/${requestId}/1-[0-9A-Z]{26}\\.zip$`)),
      bytes: bytes.length,
      sha256: sha256(bytes),
      tables: 3,
      rows: 6,
    });
  });

  it('holds every row of the person, and of nobody else', async () => {
    const { text, manifest } = await packageOf(requestId);
    expect(manifest.tables.map(({ name, rows }) => `${name} ${rows}`)).toEqual([
      'customers 2',
      'crm 2',
      'founders 2',
    ]);
    const crm = JSON.parse(text('tables/crm.json'));
    expect(crm.map(({ customer_id }: Record<string, string>) => customer_id).sort()).toEqual([
      '2',
      HOSTILE,
    ]);
    for (const { path } of manifest.files) expect(text(path)).not.toContain(OTHER);
  });

  it('keeps to the schema that is beside each table', async () => {
    const { text, manifest } = await packageOf(requestId);
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    for (const { files } of manifest.tables)
      expect(ajv.validate(JSON.parse(text(files.schema)), JSON.parse(text(files.json)))).toBe(true);
  });

  it('runs nothing: no formula in a spreadsheet, no script on the page', async () => {
    const { text, manifest } = await packageOf(requestId);
    expect(text('tables/crm.csv')).toContain(`"'${HOSTILE.replaceAll('"', '""')}"`);
    expect(manifest.csv.defused).toContainEqual({
      file: 'tables/crm.csv',
      column: 'customer_id',
      cells: 1,
      rows: [expect.any(Number)],
      listed: 'all',
    });
    expect(text('index.html')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text('index.html')).not.toContain('<script');
    expect(text('index.html')).toContain(DISCLOSURE.retention);
  });

  it('is packed once: asked again, the same package stands', async () => {
    const before = await packageOf(requestId);
    await exporting.packageExport?.({ requestId, round: 1 });
    expect((await packageOf(requestId)).bytes.equals(before.bytes)).toBe(true);
    expect(await versionsBelow(`packages/${requestId}/`)).toBe(1);
  });

  it('leaves nothing under work/ once it is packed', async () => {
    expect(await versionsBelow(`work/${gatheringId}/`)).toBeGreaterThan(0);
    await sweeper.sweep?.({});
    expect(await versionsBelow(`work/${gatheringId}/`)).toBe(0);
    const rows = await everyRow('catalogTable');
    expect(rows.filter(({ pk }) => /^(GATHER|EXPORTS)/.test(pk))).toEqual([]);
  });

  it('is deleted with every version, and the listing says so', async () => {
    const { key = '' } = (await findResult<{ key: string }>(requestId, 'packageExport', 1)) ?? {};
    await shop.put(key, 'an older one, of a step that died');
    expect(await versionsBelow(`packages/${requestId}/`)).toBe(2);
    await exporting.deletePackage?.({ requestId, round: 1 });
    expect(await versionsBelow(`packages/${requestId}/`)).toBe(0);
    const entered = await everyRow('ledgerTable');
    expect(entered.find(({ event }) => event === 'deletePackage')).toMatchObject({
      facts: { versions: 2 },
    });
  });
});

describe('a key for packages', () => {
  let identity: string;
  let packageKey: string;
  beforeAll(async () => {
    identity = await generateX25519Identity();
    packageKey = await identityToRecipient(identity);
  });

  async function packedBy(steps: Steps): Promise<RequestId> {
    const requestId = await anExportOf(RESOLVED);
    await steps.joinGathering?.({ requestId, round: 1 });
    await gathersAll();
    await steps.packageExport?.({ requestId, round: 1 });
    return requestId;
  }

  it('that the file names, and that nobody has confirmed, encrypts nothing', async () => {
    await sweeper.sweep?.({});
    const named = await shop.functions(({ platform }) => {
      platform.disclosure = DISCLOSURE;
      platform.tenantAdmin.packageKey = packageKey;
    }, 'export-data');
    const requestId = await packedBy(named);
    expect((await storedFor(requestId)).key).toMatch(/\/1-[0-9A-Z]{26}\.zip$/);
    expect((await packageOf(requestId)).manifest.request.requestId).toBe(requestId);
  });

  it('that is registered encrypts the package, and its private half gives the ZIP', async () => {
    await sweeper.sweep?.({});
    const row = await findRegistration();
    if (!row) throw new Error('Nobody is registered.');
    await transact([changedRegistration({ ...row, admin: { ...row.admin, packageKey } })]);
    const requestId = await packedBy(exporting);
    const { key, bytes } = await storedFor(requestId);
    expect(key).toMatch(/\/1-[0-9A-Z]{26}\.zip\.age$/);
    expect(await findResult(requestId, 'packageExport', 1)).toEqual({
      ...{ outcome: 'packaged', key, tables: 3, rows: 6, encryptedFor: packageKey },
      ...{ bytes: bytes.length, sha256: sha256(bytes) },
    });
    expect(bytes.includes(CANARY)).toBe(false);
    expect(bytes.subarray(0, 21).toString()).toBe('age-encryption.org/v1');

    const opener = new Decrypter();
    opener.addIdentity(identity);
    const { files, manifest, text } = await contentsOf(Buffer.from(await opener.decrypt(bytes)));
    for (const { path, sha256: hash } of manifest.files)
      expect(sha256(files.get(path) ?? Buffer.alloc(0))).toBe(hash);
    expect(JSON.parse(text('tables/crm.json'))).toHaveLength(2);
    const stranger = new Decrypter();
    stranger.addIdentity(await generateX25519Identity());
    await expect(stranger.decrypt(bytes)).rejects.toThrow('no identity matched');

    await exporting.deletePackage?.({ requestId, round: 1 });
    expect(await versionsBelow(`packages/${requestId}/`)).toBe(0);
    await transact([changedRegistration({ ...row, version: row.version + 1 })]);
  });
});

it('is resolved anew if a snapshot was published since it was known who is meant', async () => {
  const requestId = await anExportOf(RESOLVED, { resolvedFor: 'c-0' });
  await exporting.joinGathering?.({ requestId, round: 1 });
  await gathersAll();
  const outdated = { outcome: 'outdated', tables: 0, rows: 0 };
  expect(await exporting.packageExport?.({ requestId, round: 1 })).toEqual(outdated);
  expect(await exporting.packageExport?.({ requestId, round: 1 })).toEqual(outdated);
  expect(await versionsBelow(`packages/${requestId}/`)).toBe(0);

  expect(await exporting.resolveIdentities?.({ requestId })).toMatchObject({
    outcome: 'clear',
    round: 2,
  });
  await exporting.joinGathering?.({ requestId, round: 2 });
  await gathersAll();
  expect(await exporting.packageExport?.({ requestId, round: 2 })).toMatchObject({
    outcome: 'packaged',
    // By a phone that this shop takes for one person's, a third customer is linked.
    rows: 9,
  });
});

describe('several exports at once', () => {
  it('share one gathering, and none sees the others’ rows', async () => {
    const canary = await anExportOf(RESOLVED);
    const other = await anExportOf([{ type: 'email', value: OTHER }, customer('3')], {
      kind: 'portability',
    });
    const nobody = await anExportOf([{ type: 'email', value: 'nobody@example.org' }]);
    for (const requestId of [canary, other, nobody])
      await exporting.joinGathering?.({ requestId, round: 1 });
    const gatheringId = await gathersAll();
    for (const requestId of [canary, other, nobody]) {
      expect(await findResult(requestId, 'gathered', 1)).toEqual({ gatheringId });
      await exporting.packageExport?.({ requestId, round: 1 });
    }
    const ofOther = await packageOf(other);
    expect(ofOther.manifest.tables.map(({ name, rows }) => `${name} ${rows}`)).toEqual(['crm 1']);
    expect(ofOther.manifest).not.toHaveProperty('article15');
    for (const file of ofOther.files.values()) expect(file.toString()).not.toContain(CANARY);
    const ofNobody = await packageOf(nobody);
    expect(ofNobody.text('index.html')).toContain('Shop holds no data about you.');
  });

  it('goes on from a gathering that died, whose last step releases nobody any more', async () => {
    const requestId = await anExportOf(RESOLVED);
    await exporting.joinGathering?.({ requestId, round: 1 });
    const dead = await turn();
    await gathers(dead);
    await sweeper.executionEnded?.({ detail: { name: dead, status: 'ABORTED' } });
    // Somebody whom it had released still needs what it gathered.
    await transact([stillNeeded(dead, 'somebody')]);
    await sweeper.sweep?.({});
    await expect(gathering.releaseGathered?.({ gatheringId: dead })).rejects.toThrow();
    expect(await findResult(requestId, 'gathered', 1)).toBeUndefined();
    await transact([neededNoLonger(dead, 'somebody')]);
    await sweeper.sweep?.({});
    expect(await versionsBelow(`work/${dead}/`)).toBe(0);
    const next = await turn();
    expect(next).not.toBe(dead);
    // Every step once more, as a flow does that was stopped after its effect.
    await gathers(next);
    await gathers(next);
    await gathering.releaseGathered?.({ gatheringId: next });
    await sweeper.sweep?.({});
    await gathering.releaseGathered?.({ gatheringId: next });
    await gathering.endGathering?.({ gatheringId: next });
    await gathering.endGathering?.({ gatheringId: next });
    await sweeper.sweep?.({});
    expect(await exporting.packageExport?.({ requestId, round: 1 })).toMatchObject({ rows: 6 });
  });

  it('leaves who is closing behind, and needs nothing for them', async () => {
    const early = await anExportOf(RESOLVED);
    const late = await anExportOf(RESOLVED);
    const closing = { option: 'cancelled', by: 'a', reasonCode: 'b', at: 'c' } as const;
    const closes = (requestId: RequestId) => transact([changedRequest(requestId, { closing })]);
    await exporting.joinGathering?.({ requestId: early, round: 1 });
    await exporting.joinGathering?.({ requestId: late, round: 1 });
    await closes(early);
    const gatheringId = await turn();
    await gathers(gatheringId);
    await closes(late);
    await gathering.releaseGathered?.({ gatheringId });
    await gathering.endGathering?.({ gatheringId });
    expect(await findResult(early, 'gathered', 1)).toBeUndefined();
    expect(await exporting.packageExport?.({ requestId: late, round: 1 })).toMatchObject({
      outcome: 'closing',
    });
    await exporting.deletePackage?.({ requestId: late, round: 1 });
    await sweeper.sweep?.({});
    expect(await versionsBelow(`work/${gatheringId}/`)).toBe(0);
    expect(await exporting.joinGathering?.({ requestId: late, round: 2 })).toEqual({
      outcome: 'closing',
      wait: '',
    });
  });
});

describe('an export of a user', () => {
  const at = '2026-11-23T10:00:00.000Z';
  const user = (userId: string, email: string) => ({ userId, email, name: userId, createdAt: at });

  beforeEach(async () => {
    const activity = { at, action: 'exported', target: 'segment loyal_buyers' };
    const permission = { role: 'editor', scope: 'segments', grantedAt: at };
    const rows = [
      ...rowsOfUser(
        user('u-1', 'kim@shop.example'),
        [permission],
        [activity, { ...activity, action: '=signed in' }],
      ),
      ...rowsOfUser(user('u-2', 'lou@shop.example'), [permission], [activity]),
    ];
    await transact(
      rows.map((Item) => ({ Put: { TableName: process.env.USERS_TABLE ?? '', Item } })),
    );
  });

  const of = async (email: string, change: Partial<Request> = {}) => {
    const seed = [{ type: 'email', value: email }];
    const requestId = await anExportOf(seed, { subjectKind: 'user', ...change });
    await exporting.joinGathering?.({ requestId, round: 1 });
    expect((await findWait(requestId, 'gathering', 1))?.answer?.option).toBe('gathered');
    await exporting.packageExport?.({ requestId, round: 1 });
    return packageOf(requestId);
  };

  it('holds account, permissions and activities, and nothing of anybody else', async () => {
    const { manifest, text, files } = await of('kim@shop.example');
    expect(manifest.tables.map(({ name, rows }) => `${name} ${rows}`)).toEqual([
      'account 1',
      'permissions 1',
      'activity 2',
    ]);
    expect(JSON.parse(text('tables/account.json'))).toEqual([
      { userId: 'u-1', email: 'kim@shop.example', name: 'u-1', createdAt: at, lastSignInAt: null },
    ]);
    expect(text('tables/activity.csv')).toContain("'=signed in");
    expect(manifest.article15?.retention).toBe(DISCLOSURE.users?.retention);
    for (const file of files.values()) expect(file.toString()).not.toMatch(/lou|u-2/);
  });

  it('leaves out, to take along, what the administrator decided', async () => {
    const { manifest } = await of('kim@shop.example', { kind: 'portability' });
    expect(manifest.tables.map(({ name }) => name)).toEqual(['account', 'activity']);
  });

  it('is the one that was recorded, however late another packer of it ends', async () => {
    const seed = [{ type: 'email', value: 'kim@shop.example' }];
    const requestId = await anExportOf(seed, { subjectKind: 'user' });
    await exporting.joinGathering?.({ requestId, round: 1 });
    await Promise.all([1, 2, 3, 4].map(() => exporting.packageExport?.({ requestId, round: 1 })));
    const recorded = await findResult<StoredPackage>(requestId, 'packageExport', 1);
    const stored = [];
    for await (const chunk of await shop.lake.read(recorded?.key ?? ''))
      stored.push(chunk as Buffer);
    expect(sha256(Buffer.concat(stored))).toBe(recorded?.sha256);
    expect(await versionsBelow(`packages/${requestId}/`)).toBe(4);
    await exporting.deletePackage?.({ requestId, round: 1 });
    expect(await versionsBelow(`packages/${requestId}/`)).toBe(0);
  });

  it('says that nothing is held of somebody who is no user', async () => {
    const { text, manifest } = await of(CANARY);
    expect(manifest.tables.every(({ rows }) => rows === 0)).toBe(true);
    expect(text('index.html')).toContain('holds no data about you');
  });
});

it('is refused for what is no export', async () => {
  const erasure = await anExportOf(RESOLVED, { kind: 'erasure' });
  await expect(exporting.joinGathering?.({ requestId: erasure, round: 1 })).rejects.toThrow(
    'Error 0',
  );
});
