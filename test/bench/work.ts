import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { levels } from '../../lambdas/domain/model-graph.ts';
import { type Execution, executionsOf, stepsIn } from './executions.ts';
import { type Figure, median } from './figures.ts';

/** Planned before the flows were written; a cycle's, of five sources and nothing made of them. */
const PLANNED_TRANSITIONS = { request: 12, cycle: 26 };

/** Steps that only Maps call, so that histories lack their states. */
const WITHIN_MAPS = [
  'askSource',
  'refreshSource',
  'buildModel',
  'buildSegment',
  'recreateSegment',
  'carryOverSegment',
  'proveAbsence',
];
/** `Did the refresh succeed?` and what comes of it. */
const STATES_AFTER_REFRESH = 2;

/** How often everything was done for all requests that were opened since then. */
export async function countWork(
  platform: RunningPlatform,
  { requests, since }: { requests: number; since: Date },
): Promise<Figure[]> {
  const asked = await executionsOf(platform, 'requests', since);
  const passes = await executionsOf(platform, 'passes', since);
  const cycles = await executionsOf(platform, 'cycles', since);
  const { sources, models, segments } = platform.demo.platform;
  const inModels = levels(models).length;
  const tables = [sources, models, segments].flatMap(Object.keys).length;
  const most = (executions: Execution[], step: string) =>
    Math.max(0, ...executions.map(({ steps }) => steps.get(step) ?? 0));
  const transitionsOfCycle = (cycle: Execution) =>
    transitions(cycle) + (cycle.steps.has('buildModel') ? inModels : 0);
  const all =
    sum(asked.map(transitions)) +
    sum(passes.map(transitions)) +
    sum(cycles.map(transitionsOfCycle));
  const inOne = (name: string, value: number, floor: number): Figure => ({
    name,
    value,
    unit: '',
    floor,
    target: 1,
  });
  return [
    { name: `executions of ${requests} requests`, value: asked.length, unit: '' },
    { name: 'passes of verification', value: passes.length, unit: '' },
    { name: 'questions in all passes', value: stepsIn(passes, 'askSource'), unit: '' },
    inOne('questions in a pass, at most / sources', most(passes, 'askSource'), keys(sources)),
    { name: 'refresh cycles', value: cycles.length, unit: '' },
    inOne('refreshes in a cycle, at most / sources', most(cycles, 'refreshSource'), keys(sources)),
    inOne('scans for proof in a cycle, at most / tables', most(cycles, 'proveAbsence'), tables),
    {
      name: 'state transitions of a request',
      value: median(asked.map(transitions)),
      unit: '',
      target: PLANNED_TRANSITIONS.request,
    },
    {
      name: `state transitions of a cycle of ${tables} tables`,
      value: median(cycles.map(transitionsOfCycle)),
      unit: '',
      target: PLANNED_TRANSITIONS.cycle,
    },
    { name: 'all state transitions, for each request', value: all / requests, unit: '' },
  ];
}

/** As AWS counts them: each state that was entered. */
const transitions = ({ entered, steps }: Execution): number =>
  entered +
  sum(WITHIN_MAPS.map((step) => steps.get(step) ?? 0)) +
  STATES_AFTER_REFRESH * (steps.get('refreshSource') ?? 0);

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

const keys = (named: object): number => Object.keys(named).length;
