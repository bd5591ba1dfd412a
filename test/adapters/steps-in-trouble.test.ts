import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DISCLOSURE } from '../domain/export/an-export.ts';
import { openErasingShop } from './erasing.ts';
import { CANARY } from './fixture.ts';
import { everyRow } from './tables.ts';
import {
  BROKEN_LAKE,
  SLOW_DOWN,
  type Trouble,
  type TroubledAws,
  troubledAws,
} from './troubled-aws.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

/** What a step answers of its own, of a source: the tests of that are beside these. */
const ANSWERS_OF_SOURCES = ['refreshSource', 'askSource'];

/** What each step meets at its first call, and what DuckDB meets now. */
let trouble: Trouble;
let present: Trouble;
/** Which steps met it, and whether they failed. */
let met: [step: string, failed: boolean][] = [];
let aws: TroubledAws;

/** The first call of a step meets trouble with every file of the lake that DuckDB asks for. */
async function firstInTrouble<T>(step: string, run: () => Promise<T>): Promise<T> {
  if (!trouble || ANSWERS_OF_SOURCES.includes(step)) return run();
  const before = aws.troubled;
  present = trouble;
  const outcome = await run().then(
    (answer) => ({ answer }),
    () => 'failed' as const,
  );
  present = undefined;
  if (aws.troubled > before) met.push([step, outcome === 'failed']);
  if (outcome !== 'failed') return outcome.answer;
  return run();
}

let shop: Awaited<ReturnType<typeof openErasingShop>>;
beforeAll(async () => {
  shop = await openErasingShop(({ platform, sql }) => {
    platform.disclosure = DISCLOSURE;
    platform.segments.loyal = {
      ...{ kind: 'dynamic', reads: ['customers'] },
      identities: [{ type: 'email', column: 'email' }],
    };
    sql.loyal = 'SELECT email FROM customers';
  }, firstInTrouble);
  aws = await troubledAws(({ method, url, headers }) => {
    const isDuckdbs = headers['user-agent']?.startsWith('duckdb');
    const isOfLake = /\/(partitions|snapshots|work)\//.test(url ?? '');
    const isWrite = method === 'PUT' || method === 'POST';
    return isDuckdbs && isOfLake && !(present === 'half' && isWrite) ? present : undefined;
  });
});
afterAll(async () => {
  await aws?.end();
  shop?.close();
});

const [PERSON, OTHERS] = [`1,${CANARY},`, ['2,b@example.org,', '3,c@example.org,', '4,,']];

/** A step that only writes is not told half. */
const WRITE = ['closeTheDoor'];
const READ = [
  ...['carryOverSegment', 'buildModel', 'buildSegment', 'resolveIdentities', 'recreateSegment'],
  ...['proveAbsence', 'findResidue', 'lookAtProof', 'gatherTable', 'packageExport'],
];

describe.each([
  { kind: 'that asks for fewer requests', bad: SLOW_DOWN, fail: [...READ, ...WRITE] },
  { kind: 'that fails', bad: BROKEN_LAKE, fail: [...READ, ...WRITE] },
  { kind: 'that breaks off in the middle of a file', bad: 'half' as const, fail: READ },
])('a lake $kind', ({ bad, fail }) => {
  it('fails each step that reads or writes it, records nothing, and the next try is whole', async () => {
    trouble = undefined;
    await shop.sells(PERSON, ...OTHERS);
    await shop.refreshes();
    trouble = bad;
    met = [];
    // One refresh for nobody, which copies the static segment; then an erasure.
    await shop.refreshes();
    const requestId = await shop.opens('email', CANARY);
    await shop.resolves(requestId);
    await shop.sells(...OTHERS);
    await shop.letsGo(requestId);
    await shop.runsTheCycle();
    const certificate = await shop.closes(requestId);
    const packed = await shop.exports([{ type: 'email', value: 'c@example.org' }]);

    expect(new Map(met)).toEqual(new Map(fail.map((step) => [step, true])));
    expect(certificate).toMatchObject({ outcome: 'erased', proof: { found: [] } });
    expect(JSON.stringify(certificate)).not.toContain('unreadable');
    expect(packed).toMatchObject({ outcome: 'packaged', rows: 3 });
    const rows = JSON.stringify(await everyRow('catalogTable'));
    expect(rows).not.toMatch(/"(buildFailed|failed|unreadable)/);
  });
});
