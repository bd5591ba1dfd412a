import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { fillLoyaltyTable } from '../../infra/local/loyalty-table.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { all, transact } from '../../lambdas/adapters/dynamo.ts';
import { openEngine } from '../../lambdas/adapters/engine.ts';
import { ensureFaultKeys, faultsOfExecution } from '../../lambdas/adapters/faults.ts';
import { newKey } from '../../lambdas/adapters/request-keys.ts';
import { sealedText } from '../../lambdas/adapters/requests.ts';
import { newVerifying, verifyingRows } from '../../lambdas/adapters/verifying.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import { withinTime } from '../../lambdas/steps/source-work.ts';
import { bundled } from '../emulator/bundled.ts';
import { testEmulator } from '../emulator/platform.ts';
import { makeTables } from './tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'source-work-'));

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(makeTables);
afterAll(() => rmSync(folder, { recursive: true }));

describe('a source that is at fault', () => {
  it('is unreachable, and does not stop the pass that asks the others', async () => {
    const definition = structuredClone(readPlatform('demo'));
    const { loyalty } = definition.platform.sources;
    // A table of its own: the demo's is that of others' platform.
    const table = 'source-work-loyalty';
    if (loyalty?.kind !== 'dynamodb') throw new Error('The demo has another loyalty programme.');
    Object.assign(loyalty, { table, identities: [{ type: 'email', column: 'no[path' }] });
    const bundle = await bundled('verify-sources', definition, folder);
    const { askSource } = await import(bundle);
    await fillLoyaltyTable(await testEmulator(), table, [
      { loyalty_id: 'L-1', tier: 'gold', points: 1, joined_on: '2026-01-01' },
    ]);
    const now = new Date();
    await ensureFaultKeys(now);
    const since = now.toISOString();
    const requestId = RequestId.parse(ulid());
    const key = await newKey(requestId);
    const who = [{ type: 'email', value: 'anna@example.org' }];
    const subject = { seed: who, subject: { unique: who, shared: [] } };
    await transact([
      key.write,
      sealedText(requestId, 'SUBJECT', await key.seal(JSON.stringify(subject)), now),
      newVerifying({
        requestId,
        round: 1,
        since,
        sources: { loyalty: { asks: 0, nextAskAt: since } },
      }),
    ]);

    expect(await askSource({ passId: 'v-1', source: 'loyalty' })).toMatchObject({ unreachable: 1 });
    const [row] = await all(verifyingRows(requestId));
    expect(row?.sources.loyalty).toMatchObject({ answer: 'unreachable', detail: 'fault' });
    expect(await all(faultsOfExecution('v-1', now))).toMatchObject([{ step: 'askSource' }]);
  });
});

describe('work on a source', () => {
  it('ends when the time is over, and so does the statement that it waits for', async () => {
    const engine = await openEngine();
    const endless = engine.column('SELECT count(*) FROM range(100000000000)');
    await expect(withinTime(engine, endless, 0.01)).rejects.toMatchObject({ name: 'OutOfTime' });
    await expect(endless).rejects.toMatchObject({ kind: 'INTERRUPT' });
    expect(await withinTime(engine, engine.column('SELECT 1'), 0.01)).toEqual([1]);
    engine.close();
  });
});
