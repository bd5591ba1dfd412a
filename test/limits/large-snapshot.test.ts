import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  activeSnapshot,
  type BuiltRow,
  publication,
  putPartition,
} from '../../lambdas/adapters/catalog.ts';
import { changeLock, newCycle, putFinding } from '../../lambdas/adapters/cycles.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { mapLimited } from '../../lambdas/adapters/map-limited.ts';
import { CycleId, PartitionId, SnapshotId } from '../../lambdas/domain/ids.ts';
import type { Steps } from '../adapters/shop.ts';
import { everyRow, makeTables } from '../adapters/tables.ts';
import { bundled } from '../emulator/bundled.ts';
import { itemBytes } from './item-bytes.ts';
import { largePlatform, PROMISED, parsed } from './large-platform.ts';

const ITEM_BYTES = 400_000;
const TRANSACTION_ITEMS = 100;
/** Beside what `publication` changes: the lock, the cycle, the ledger. */
const OTHER_ITEMS = 3;

const definition = parsed(largePlatform(PROMISED));
const { sources, models, segments } = definition.platform;
const cycleId = CycleId.parse('c-123456');
const folder = mkdtempSync(join(tmpdir(), 'large-'));
let steps: Steps;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  await makeTables();
  steps = await import(await bundled('refresh-cycle', definition, folder));
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
