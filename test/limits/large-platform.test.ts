import { expect, it } from '@jest/globals';
import { planCycle } from '../../lambdas/domain/cycle-plan.ts';
import { largePlatform, PROMISED, parsed } from './large-platform.ts';
import { type History, runFlow } from './run-flow.ts';

/** Step Functions takes 25,000, and 262,144 bytes. */
const EVENTS = 5000;
const BYTES = 32 * 1024;

const definition = parsed(largePlatform(PROMISED));
const { sources, models, segments } = definition.platform;
const names = (kind: string, of: object) => Object.keys(of).map((name) => `${kind} ${name}`);
const tables = [
  ...names('source', sources),
  ...names('model', models),
  ...names('segment', segments),
];

/** A cycle of the whole platform, in which every step says at once that all is well. */
const cycle = (over: Record<string, () => object> = {}): Promise<History> => {
  const says = (answer: object) => async () => answer;
  const built = says({ outcome: 'built' });
  const plan = planCycle(definition.platform, Object.keys(sources), true);
  const steps = {
    closeTheDoor: says({ outcome: 'closed', ...plan }),
    refreshSource: says({ outcome: 'successful' }),
    buildModel: built,
    buildSegment: built,
    recreateSegment: built,
    publishSnapshot: says({ outcome: 'published', tables }),
    proveAbsence: says({ outcome: 'scanned', rows: 1, found: 0 }),
    findResidue: says({ outcome: 'done', scanned: 0 }),
    releaseMembers: says({ outcome: 'done', released: 1 }),
    endCycle: says({ outcome: 'ended' }),
    ...Object.fromEntries(Object.entries(over).map(([step, answer]) => [step, says(answer())])),
  };
  return runFlow('refresh-cycle', steps, { cycleId: 'c-123456', collectingSeconds: 300 });
};

it('parses 50 sources and a graph of 200 models', () => {
  expect(Object.keys(sources)).toHaveLength(50);
  expect(Object.keys(models)).toHaveLength(200);
  expect(planCycle(definition.platform, [], true).levels).toHaveLength(PROMISED.levels);
});

it('takes a cycle of them within a small history', async () => {
  const { events, largest, entered } = await cycle();
  console.info({ events, largest, proofs: entered.get('Scan the table') });
  expect(entered.get('Refresh the source')).toBe(50);
  expect(entered.get('Build the model')).toBe(200);
  expect(entered.get('Scan the table')).toBe(270);
  expect(events).toBeLessThan(EVENTS);
  expect(largest.bytes).toBeLessThan(BYTES);
});
