import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DISCLOSURE } from '../domain/export/an-export.ts';
import { openErasingShop } from './erasing.ts';
import { CANARY } from './fixture.ts';
import { everyRow } from './tables.ts';
import { type Trouble, type TroubledAws, troubledAws } from './troubled-aws.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

/** The subjects of a cycle and what was gathered; and the tables themselves. */
const PLACES = { work: /\/work\//, tables: /\/(partitions|snapshots)\// };
type Place = keyof typeof PLACES;

/** Where DuckDB reads and writes for a step, in this order. */
const STEPS: Record<string, Place[]> = {
  closeTheDoor: ['work'],
  buildModel: ['tables'],
  buildSegment: ['tables'],
  carryOverSegment: ['tables'],
  recreateSegment: ['tables'],
  proveAbsence: ['work', 'tables'],
  findResidue: ['work', 'tables'],
  resolveIdentities: ['tables'],
  lookAtProof: ['tables'],
  gatherTable: ['work', 'tables'],
  packageExport: ['work'],
};
/** Those answer of their own, of a source: the tests of that are beside these. */
const OF_SOURCES = ['refreshSource', 'askSource'];

/** What a step meets, and what the one that runs now does. */
let trouble: Trouble;
let present: { step: string; place?: Place } = { step: 'none' };
/** Steps for which DuckDB reached for the lake. */
let reached = new Set<string>();
/** Where steps failed, and where they did not though they met it. */
let failed = new Set<string>();
let withstood = new Set<string>();
let aws: TroubledAws;

/**
 * A step meets trouble with all of its files of one place, then, if that made it fail, with those of
 * the next, and then with none.
 */
async function firstInTrouble<T>(step: string, run: () => Promise<T>): Promise<T> {
  for (const place of trouble ? (STEPS[step] ?? []) : []) {
    const before = aws.troubled;
    present = { step, place };
    try {
      const answer = await run();
      if (aws.troubled > before) withstood.add(`${step} ${place}`);
      return answer;
    } catch (error) {
      if (aws.troubled === before) throw error;
      failed.add(`${step} ${place}`);
    } finally {
      present = { step };
    }
  }
  present = { step };
  return run();
}

let shop: Awaited<ReturnType<typeof openErasingShop>>;
async function openTroubledShop(): Promise<void> {
  shop = await openErasingShop(({ platform, sql }) => {
    platform.disclosure = DISCLOSURE;
    platform.segments.loyal = {
      ...{ kind: 'dynamic', reads: ['customers'] },
      identities: [{ type: 'email', column: 'email' }],
    };
    sql.loyal = 'SELECT email FROM customers';
  }, firstInTrouble);
  aws = await troubledAws(({ method, url = '', headers }) => {
    const { step, place } = present;
    const isOf = (one: Place) => PLACES[one].test(url);
    if (!headers['user-agent']?.startsWith('duckdb')) return undefined;
    if (isOf('work') || isOf('tables')) reached.add(step);
    const isWrite = method === 'PUT' || method === 'POST';
    return place && isOf(place) && !(trouble === 'half' && isWrite) ? trouble : undefined;
  });
}

const [PERSON, OTHERS] = [`1,${CANARY},`, ['2,b@example.org,', '3,c@example.org,', '4,,']];

/** A model, a source or a copy that is said to be broken. */
const BLAMED = /"(buildFailed|failed)"[,}\]]|"unreadable":("|\[[^\]])/;

const everywhere = Object.entries(STEPS).flatMap(([step, places]) =>
  places.map((place) => `${step} ${place}`),
);
/** It only writes there, and nothing of that is told half. */
const WRITES_ONLY = 'closeTheDoor work';

/** An erasure, a cycle and an export in which each step meets these. */
export function stepsMeet(kinds: { kind: string; bad: Trouble }[]): void {
  beforeAll(openTroubledShop);
  afterAll(async () => {
    await aws?.end();
    shop?.close();
  });

  describe.each(kinds)('a lake $kind', ({ bad }) => {
    it('fails each step that reads or writes it, records nothing, and the next try is whole', async () => {
      trouble = undefined;
      await shop.sells(PERSON, ...OTHERS);
      await shop.refreshes();
      trouble = bad;
      failed = new Set();
      reached = new Set();
      withstood = new Set();
      // One refresh for nobody, which copies the static segment; then an erasure.
      await shop.refreshes();
      const requestId = await shop.opens('email', CANARY);
      await shop.resolves(requestId);
      await shop.sells(...OTHERS);
      await shop.letsGo(requestId);
      await shop.runsTheCycle();
      const certificate = await shop.closes(requestId);
      const packed = await shop.exports([{ type: 'email', value: 'c@example.org' }]);

      expect([...withstood]).toEqual([]);
      const fail = everywhere.filter((where) => bad !== 'half' || where !== WRITES_ONLY);
      expect(failed).toEqual(new Set(fail));
      for (const step of OF_SOURCES) reached.delete(step);
      expect([...reached].sort()).toEqual(Object.keys(STEPS).sort());
      expect(certificate).toMatchObject({ outcome: 'erased', proof: { found: [] } });
      expect(packed).toMatchObject({ outcome: 'packaged', rows: 3 });
      const rows = [...(await everyRow('catalogTable')), ...(await everyRow('requestsTable'))];
      expect(JSON.stringify([certificate, rows])).not.toMatch(BLAMED);
    });
  });
}
