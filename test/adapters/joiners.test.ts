import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { anybodyQueued, findCycle, lockRow } from '../../lambdas/adapters/cycles.ts';
import { findWait } from '../../lambdas/adapters/waits.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import { aFlow } from './a-flow.ts';
import { openShop, type Steps } from './shop.ts';
import { emptyTable, everyRow } from './tables.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
let steps: Record<'cycles' | 'desk' | 'requests', Steps>;

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  const sleeps = { Type: 'Wait', Seconds: 3600, End: true };
  for (const flow of ['DELETE_CUSTOMER_DATA_ARN', 'REFRESH_CYCLE_ARN'])
    process.env[flow] = await aFlow(sleeps);
  const [cycles, desk, requests] = await Promise.all(
    ['refresh-cycle', 'desk', 'delete-customer-data'].map((flow) => shop.functions(() => {}, flow)),
  );
  steps = { cycles, desk, requests } as typeof steps;
});
afterAll(() => shop.close());
beforeEach(async () => {
  for (const table of ['catalogTable', 'ledgerTable'] as const) await emptyTable(table);
});

/** Requests whose sources have let go: what is left is to join a cycle. */
const twelveRequests = () =>
  Promise.all(
    Array.from({ length: 12 }, async () => {
      const identities = [{ type: 'email', value: `${ulid()}@example.org` }];
      const opened = await steps.desk.openRequest?.({ identities, by: 'a-test' });
      return RequestId.parse(opened?.requestId);
    }),
  );
const joins = (requestId: RequestId) => steps.requests.joinRefreshCycle?.({ requestId, round: 1 });
const inCycle = (step: string, cycleId: string) => steps.cycles[step]?.({ cycleId });
const holder = async () => (await lockRow('CYCLE'))?.holder ?? '';
const membersOf = async (cycleId: string) =>
  (await findCycle(cycleId))?.members.map(({ requestId }) => requestId) ?? [];

/** Cycle after cycle, until none is left. Answers who was a member of which. */
async function runCycles(): Promise<[cycleId: string, members: string[]][]> {
  const carried: [string, string[]][] = [];
  for (let cycleId = await holder(); cycleId; cycleId = await holder()) {
    for (const step of ['closeTheDoor', 'releaseMembers', 'endCycle']) await inCycle(step, cycleId);
    carried.push([cycleId, await membersOf(cycleId)]);
  }
  return carried;
}

/** Each was a member of one cycle, which released it, once; and nobody is left in the queue. */
async function expectReleased(
  requestIds: RequestId[],
  carried: [string, string[]][],
): Promise<void> {
  expect(carried.flatMap(([, members]) => members).sort()).toEqual([...requestIds].sort());
  const released = (await everyRow('ledgerTable')).filter(({ event }) => event === 'released');
  for (const [cycleId, members] of carried)
    for (const requestId of members) {
      const wait = await findWait(requestId, 'refreshCycle', 1);
      expect(wait?.answer).toMatchObject({ by: cycleId });
      expect(released.filter(({ pk }) => pk === `request/${requestId}`)).toHaveLength(1);
    }
  expect(await anybodyQueued()).toBe(false);
}

it.each([1, 2, 3])('who join at the door are of this cycle or the next (%i)', async () => {
  const requestIds = await twelveRequests();
  const joining = requestIds.map(joins);
  await Promise.any(joining);
  const cycleId = await holder();
  await Promise.all([inCycle('closeTheDoor', cycleId), ...joining]);
  const members = await membersOf(cycleId);

  const carried = await runCycles();
  expect(carried[0]).toEqual([cycleId, members]);
  expect(carried.length).toBeLessThanOrEqual(2);
  await expectReleased(requestIds, carried);
});

it.each(['before', 'while'])('who join %s a cycle ends are of the next', async (when) => {
  const requestIds = await twelveRequests();
  const [first, ...others] = requestIds;
  if (first) await joins(first);
  const cycleId = await holder();
  for (const step of ['closeTheDoor', 'releaseMembers']) await inCycle(step, cycleId);
  const joining = others.map(joins);
  if (when === 'before') await Promise.all(joining);
  await Promise.all([inCycle('endCycle', cycleId), ...joining]);

  const carried = await runCycles();
  await expectReleased(requestIds, [[cycleId, await membersOf(cycleId)], ...carried]);
});
