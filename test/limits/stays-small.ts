import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findCycle, queueRows } from '../../lambdas/adapters/cycles.ts';
import { all } from '../../lambdas/adapters/dynamo.ts';
import { mapLimited } from '../../lambdas/adapters/map-limited.ts';
import { findResult } from '../../lambdas/adapters/results.ts';
import type { CycleResult } from '../../lambdas/domain/cycle-result.ts';
import type { openShop, Steps } from '../adapters/shop.ts';
import { emptyTable } from '../adapters/tables.ts';
import { openCrowdedShop, run } from './crowd.ts';
import { figuresOfCycle, figuresOfPass, tell } from './crowd-figures.ts';
import type { History } from './run-flow.ts';

/** What is promised of executions with 10,000 members. */
const [PROMISED_EVENTS, PROMISED_BYTES, PROMISED_MEMBERS] = [5000, 32 * 1024, 10_000];
const ITEM_BYTES = 400_000;
/** `MEMBERS_A_PAGE`, and the events of one call and the Choice after it. */
const [PAGE, EVENTS_A_PAGE] = [500, 7];
const PATIENCE_MS = 3_600_000;

/** `QUEUED_A_CYCLE`. */
const A_CYCLE = 10_000;

const pages = (members: number) => Math.ceil(members / PAGE);

/** Events by the pages of two sizes; of everything else the history holds as much at each. */
function eventsAt(members: number, [few, many]: [Measured, Measured]): number {
  expect(many.events - few.events).toBe(EVENTS_A_PAGE * (pages(many.people) - pages(few.people)));
  return few.events + EVENTS_A_PAGE * (pages(members) - pages(few.people));
}

interface Measured extends History {
  people: number;
  items: Record<string, number>;
}

/** The line through two sizes. */
function bytesAt(
  members: number,
  [few, many]: [Measured, Measured],
  of: (one: Measured) => number,
) {
  const each = (of(many) - of(few)) / (many.people - few.people);
  return of(few) + each * (members - few.people);
}

interface Sizes {
  cycle: [few: number, many: number];
  pass: [few: number, many: number];
}

/** Runs cycles and passes of so few and so many people, with the real steps on the emulator. */
export function executionsStaySmall({ cycle, pass }: Sizes): void {
  let shop: Awaited<ReturnType<typeof openShop>>;
  let cycleSteps: Steps;
  let passSteps: Steps;

  beforeAll(async () => {
    shop = await openCrowdedShop();
    cycleSteps = await shop.functions();
    passSteps = await shop.functions(() => {}, 'verify-sources');
  });
  afterAll(() => shop.close());

  describe('a refresh cycle', () => {
    let measured: [Measured, Measured];

    it(
      `of ${cycle[1]} people releases its members, and leaves the others for the next one`,
      async () => {
        const [few, many] = cycle;
        const small = await figuresOfCycle(shop, cycleSteps, few);
        await emptyTable('catalogTable');
        const large = await figuresOfCycle(shop, cycleSteps, many);
        tell('cycle', small);
        tell('cycle', large);
        const { members = [] } = (await findCycle(large.holder)) ?? {};
        measured = [
          { ...small, people: few },
          { ...large, people: members.length },
        ];
        expect(members).toHaveLength(Math.min(many, A_CYCLE));
        const left = await all(queueRows());
        expect(left).toHaveLength(many - members.length);
        await mapLimited(members, 20, async ({ requestId }) => {
          const result = await findResult<CycleResult>(requestId, 'cycleResult', 1);
          expect(result).toMatchObject({ outcome: 'proven', cycleId: large.holder });
          expect(result?.residue).toHaveLength(3);
        });
        if (left.length === 0) return;
        const next = await run('refresh-cycle', cycleSteps);
        expect((await findCycle(next.holder))?.members).toHaveLength(left.length);
        expect(await all(queueRows())).toEqual([]);
      },
      PATIENCE_MS,
    );

    it('has a history that grows by a page of 500 members alone', () => {
      expect(eventsAt(PROMISED_MEMBERS, measured)).toBeLessThan(PROMISED_EVENTS);
    });

    it('carries payloads that do not grow', () => {
      const [small, large] = measured;
      // Counts have more digits.
      expect(large.largest.bytes - small.largest.bytes).toBeLessThan(16);
      expect(large.largest.bytes).toBeLessThan(PROMISED_BYTES);
    });

    it('keeps its members in one row', () => {
      const bytes = bytesAt(PROMISED_MEMBERS, measured, ({ items }) => items.catalogTable ?? 0);
      expect(bytes).toBeLessThan(ITEM_BYTES);
      for (const { items } of measured)
        expect(Math.max(...Object.values(items))).toBeLessThan(ITEM_BYTES);
    });
  });

  describe('a pass of verification', () => {
    it(
      `asks and answers for ${pass[1]} people as for ${pass[0]}`,
      async () => {
        const [few, many] = pass;
        const small = await figuresOfPass(shop, passSteps, few);
        await emptyTable('catalogTable');
        const large = await figuresOfPass(shop, passSteps, many);
        tell('pass', small);
        tell('pass', large);
        expect(large.events).toBe(small.events);
        expect(large.events).toBeLessThan(PROMISED_EVENTS);
        expect(large.largest.bytes - small.largest.bytes).toBeLessThan(16);
        expect(large.largest.bytes).toBeLessThan(PROMISED_BYTES);
        const answers = await mapLimited(large.requestIds, 20, (requestId) =>
          findResult(requestId, 'verification', 1),
        );
        const gone = answers.filter((answer) => answer !== undefined);
        expect(gone).toHaveLength(many - many / 2);
      },
      PATIENCE_MS,
    );
  });
}
