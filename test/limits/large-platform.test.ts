import { describe, expect, it } from '@jest/globals';
import { planCycle } from '../../lambdas/domain/cycle-plan.ts';
import type { CycleResult } from '../../lambdas/domain/cycle-result.ts';
import { itemBytes } from './item-bytes.ts';
import { largePlatform, PROMISED, parsed } from './large-platform.ts';
import { type History, runFlow } from './run-flow.ts';
import { scatteredResidue, tablesOf } from './scattered-residue.ts';

const [PROMISED_EVENTS, PROMISED_BYTES] = [5000, 32 * 1024];
/** What Step Functions ends an execution at, and what DynamoDB refuses. */
const [MOST_EVENTS, ITEM_BYTES] = [25_000, 400_000];

const definition = parsed(largePlatform(PROMISED));
const { sources, models, refresh } = definition.platform;
const tables = tablesOf(definition.platform);

/** A cycle of the whole platform whose steps do nothing; these answer otherwise. */
function cycle(others: Record<string, (input: object) => object> = {}): Promise<History> {
  const plan = planCycle(definition.platform, Object.keys(sources), true);
  const answers: Record<string, (input: object) => object> = {
    closeTheDoor: () => ({ outcome: 'closed', ...plan }),
    refreshSource: () => ({ outcome: 'successful', rows: 1, bytes: 1, seconds: 1 }),
    buildModel: () => ({ outcome: 'built' }),
    buildSegment: () => ({ outcome: 'built' }),
    recreateSegment: () => ({ outcome: 'built' }),
    publishSnapshot: () => ({ outcome: 'published', tables }),
    proveAbsence: () => ({ outcome: 'scanned', rows: 1, found: 0 }),
    findResidue: () => ({ outcome: 'done', scanned: tables.length }),
    releaseMembers: () => ({ outcome: 'done', released: 1 }),
    endCycle: () => ({ outcome: 'ended' }),
    ...others,
  };
  const steps = Object.fromEntries(
    Object.entries(answers).map(([step, answer]) => [step, async (input: object) => answer(input)]),
  );
  return runFlow('refresh-cycle', steps, { cycleId: 'c-123456', collectingSeconds: 300 });
}

const calls = ({ steps }: History): number =>
  [...steps.values()].reduce((sum, step) => sum + step.calls, 0);

describe('50 sources and a graph of 200 models', () => {
  it('are a platform', () => {
    expect(Object.keys(sources)).toHaveLength(50);
    expect(Object.keys(models)).toHaveLength(200);
    expect(planCycle(definition.platform, [], true).levels).toHaveLength(PROMISED.levels);
  });

  it('take a cycle with a small history and small payloads', async () => {
    const { events, largest, entered } = await cycle();
    console.info({ events, largest });
    expect(entered.get('Refresh the source')).toBe(50);
    expect(entered.get('Build the model')).toBe(200);
    expect(entered.get('Scan the table')).toBe(tables.length);
    expect(events).toBeLessThan(PROMISED_EVENTS);
    expect(largest.bytes).toBeLessThan(PROMISED_BYTES);
  });

  it('with 10,000 members, whose release takes 20 pages', async () => {
    let page = 0;
    const releaseMembers = () => {
      page += 1;
      return { outcome: page < 20 ? 'more' : 'done', released: 500 * page };
    };
    const { events, entered } = await cycle({ releaseMembers });
    console.info({ events, pages: page });
    expect(entered.get('Release the members')).toBe(20);
    expect(events).toBeLessThan(PROMISED_EVENTS);
  });

  it('do not end a cycle in which every source fails as often as it may', async () => {
    const failures = new Map<string, number>();
    const refreshSource = (input: object) => {
      const { source } = input as { source: string };
      const attempt = (failures.get(source) ?? 0) + 1;
      failures.set(source, attempt);
      return attempt < refresh.attempts
        ? { ...input, outcome: 'failedRetrying', attempt: attempt + 1, retryInSeconds: 30 }
        : { outcome: 'successful' };
    };
    const { events, entered } = await cycle({ refreshSource });
    console.info({ events, refreshes: entered.get('Refresh the source') });
    expect(entered.get('Refresh the source')).toBe(50 * refresh.attempts);
    expect(events).toBeLessThan(MOST_EVENTS);
  });

  it('do not end a cycle in which every step is tried as often as it may', async () => {
    const history = await cycle();
    // Scheduled, begun and failed; twelve times, by the Retry of every step.
    const events = history.events + calls(history) * 12 * 3;
    console.info({ events, calls: calls(history) });
    expect(events).toBeLessThan(MOST_EVENTS);
  });
});

it('takes a pass over 50 sources with a small history and small payloads', async () => {
  const steps = {
    beginPass: async () => ({ outcome: 'ask', sources: Object.keys(sources) }),
    askSource: async () => ({ outcome: 'asked', subjects: 10_000, gone: 5000, stillHeld: 5000 }),
    answerRequests: async () => ({ outcome: 'answered', released: 5000, waiting: 5000 }),
    endPass: async () => ({ outcome: 'ended', next: 'v-123457' }),
  };
  const input = { passId: 'v-123456', dueAt: '2026-11-23T10:00:00.000Z' };
  const { events, largest, entered } = await runFlow('verify-sources', steps, input);
  console.info({ events, largest });
  expect(entered.get('Ask the source')).toBe(50);
  expect(events).toBeLessThan(PROMISED_EVENTS);
  expect(largest.bytes).toBeLessThan(PROMISED_BYTES);
});

it('keeps in one row who is residue in every other one of sixty copies of each table', () => {
  const residue = scatteredResidue(tables);
  const result: Pick<CycleResult, 'found' | 'residue'> = {
    found: residue.map(({ kind, name, rows }) => ({ kind, name, rows })),
    residue,
  };
  console.info({ bytes: itemBytes(result) });
  expect(residue).toHaveLength(tables.length);
  expect(itemBytes(result)).toBeLessThan(ITEM_BYTES);
});
