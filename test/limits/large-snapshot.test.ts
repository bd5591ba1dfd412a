import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import {
  activeSnapshot,
  type BuiltRow,
  publication,
  putPartition,
} from '../../lambdas/adapters/catalog.ts';
import { findCertificate } from '../../lambdas/adapters/certificates.ts';
import { changeLock, newCycle, putFinding } from '../../lambdas/adapters/cycles.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { recordChange } from '../../lambdas/adapters/ledger.ts';
import { mapLimited } from '../../lambdas/adapters/map-limited.ts';
import { newKey } from '../../lambdas/adapters/request-keys.ts';
import { newRequest, type SealedSubject, sealedText } from '../../lambdas/adapters/requests.ts';
import { newResult } from '../../lambdas/adapters/results.ts';
import type { Certificate } from '../../lambdas/domain/certificate.ts';
import type { CycleResult } from '../../lambdas/domain/cycle-result.ts';
import { payloadOf } from '../../lambdas/domain/evidence/jws.ts';
import { CycleId, PartitionId, RequestId, SnapshotId } from '../../lambdas/domain/ids.ts';
import type { SourceState } from '../../lambdas/domain/verification.ts';
import { anOpenRequest } from '../adapters/a-request.ts';
import type { Steps } from '../adapters/shop.ts';
import { everyRow, makeTables } from '../adapters/tables.ts';
import { bundled } from '../emulator/bundled.ts';
import { itemBytes } from './item-bytes.ts';
import { largePlatform, PROMISED, parsed } from './large-platform.ts';
import { scatteredResidue, tablesOf } from './scattered-residue.ts';

const ITEM_BYTES = 400_000;
const TRANSACTION_ITEMS = 100;
/** Beside what `publication` changes: the lock, the cycle, the ledger. */
const OTHER_ITEMS = 3;

const definition = parsed(largePlatform(PROMISED));
const { sources, models, segments } = definition.platform;
const cycleId = CycleId.parse('c-123456');
const folder = mkdtempSync(join(tmpdir(), 'large-'));
let steps: Steps;
let request: Steps;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  await makeTables();
  steps = await import(await bundled('refresh-cycle', definition, folder));
  request = await import(await bundled('delete-customer-data', definition, folder));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As large as it gets: numbers of eleven digits. */
const size = { rows: 10_000_000_000, bytes: 10_000_000_000 };

async function builtCycle(): Promise<void> {
  await changeLock('CYCLE', undefined, { n: 1, holder: cycleId, deaths: 0, version: 0 });
  await transact(
    newCycle({
      cycleId,
      phase: 'refreshing',
      doorClosedAt: new Date().toISOString(),
      members: [],
      refreshes: [],
      sources: Object.keys(sources),
      platformHash: definition.hash,
      released: 0,
    }),
  );
  await mapLimited(Object.entries(sources), 20, async ([source, { identities }]) => {
    const partitionId = PartitionId.parse(`${cycleId}.1`);
    const row = { source, outcome: 'successful', attempt: 1, partitionId };
    await putFinding(cycleId, 'SOURCE', source, row);
    const prefix = `partitions/${source}/${partitionId}/`;
    const times = { seconds: 100, startedAt: new Date().toISOString() };
    await putPartition({
      ...{ source, partitionId, cycleId, prefix, state: 'ingested', ...size, ...times },
      identities,
    });
  });
  const built = (kind: BuiltRow['kind'], tables: typeof models | typeof segments) =>
    mapLimited(Object.entries(tables), 20, async ([name, { identities = [] }]) => {
      const prefix = `snapshots/${cycleId}/${kind}s/${name}/`;
      const row: BuiltRow = {
        kind,
        name,
        outcome: 'built',
        table: { prefix, ...size, identities },
      };
      await putFinding(cycleId, 'TABLE', `${kind} ${name}`, row);
    });
  await built('model', models);
  await built('segment', segments);
}

it('publishes 50 sources, 200 models and 20 segments as one row', async () => {
  await builtCycle();
  const answer = await steps.publishSnapshot?.({ cycleId });
  expect(answer?.tables).toHaveLength(270);
  const snapshot = await activeSnapshot();
  expect(Object.keys(snapshot?.models ?? {})).toHaveLength(200);
  const row = (await everyRow('catalogTable')).find(({ pk }) => pk === 'SNAPSHOT');
  const bytes = itemBytes(row);
  console.info({ bytes, answer: JSON.stringify(answer).length });
  expect(bytes).toBeLessThan(ITEM_BYTES);
  if (!snapshot) throw new Error('Nothing is active.');
  const writes = publication(snapshot, SnapshotId.parse('c-1'));
  expect(writes.length + OTHER_ITEMS).toBeLessThan(TRANSACTION_ITEMS);
});

/** Somebody whom the cycle released as absent, and whom all that is inactive still holds. */
async function aProvenRequest(): Promise<RequestId> {
  const tables = tablesOf(definition.platform);
  const requestId = RequestId.parse(ulid());
  const key = await newKey(requestId);
  const now = new Date();
  const unique = [{ type: 'email', value: 'person@people.example' }];
  const subject: SealedSubject = {
    ...{ seed: unique, candidates: [], ambiguities: [], answers: [] },
    subject: { unique, shared: [] },
  };
  const result: CycleResult = {
    ...{ cycleId, snapshotId: cycleId, outcome: 'proven', found: [], foundUndeclared: [] },
    ...{ sharedWithOthers: [], failedSources: [] },
    scanned: { tables: tables.length, rows: size.rows, deep: tables.length },
    residue: scatteredResidue(tables),
  };
  const state: SourceState = {
    ...{ answer: 'gone', asks: 100, nextAskAt: now.toISOString() },
    ...{ askedAt: now.toISOString(), goneSince: now.toISOString() },
  };
  const verified = Object.fromEntries(Object.keys(sources).map((source) => [source, state]));
  const writes = [
    key.write,
    newRequest({ ...anOpenRequest(requestId, now), cycleId, held: true }),
    sealedText(requestId, 'SUBJECT', await key.seal(JSON.stringify(subject)), now),
    newResult(requestId, 'cycleResult', 1, result, now),
    newResult(requestId, 'verification', 1, { sources: verified }, now),
  ];
  const opened = { chain: `request/${requestId}`, event: 'opened', by: 'limits' };
  await recordChange(writes, opened);
  await mapLimited(tables, 20, (name) =>
    putFinding(cycleId, 'PROOF', name, { name, rows: size.rows, found: 0, deep: true }),
  );
  return requestId;
}

it('certifies in one row who was proven absent in all of them, and is residue in most copies', async () => {
  const requestId = await aProvenRequest();
  expect(await request.certify?.({ requestId, round: 1 })).toEqual({ outcome: 'erased' });
  const rows = await everyRow('requestsTable');
  const row = rows.find(({ pk, sk }) => pk === requestId && sk === 'CERTIFICATE');
  const bytes = itemBytes(row);
  console.info({ bytes });
  const { residue } = payloadOf<Certificate>((await findCertificate(requestId)) ?? '');
  expect(residue).toHaveLength(270);
  expect(bytes).toBeLessThan(ITEM_BYTES);
});
