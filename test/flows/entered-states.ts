import { readFileSync } from 'node:fs';
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { until } from '../../infra/local/patience.ts';
import { platform, stepFunctions } from './scene.ts';
import { cycles, ledgerOf, rowsOf } from './tables.ts';

interface State {
  Type: string;
  ItemProcessor?: { States: Record<string, State> };
}

const flows = {
  'delete-customer-data': 'DeleteCustomerDataArn',
  'verify-sources': 'VerifySourcesArn',
  'refresh-cycle': 'RefreshCycleArn',
  'clean-up-inactive-data': 'CleanUpInactiveDataArn',
  'export-data': 'ExportDataArn',
} as const;

/** No handler says a word that its flow does not know; the infra tests hold them to it. */
const NEVER = 'Unknown outcome';

/**
 * States within a Map, which the emulator lists in no history: what the handlers recorded tells
 * that they were entered. `<event> <what it says>`, as in a cycle's chain of the ledger.
 */
const WITHIN_MAPS: Record<string, (seen: Set<string>) => boolean> = {
  'Ask the source': (seen) => seen.has('entered Ask each source'),
  'Refresh the source': (seen) => seen.has('sourceRefreshed successful'),
  'Did the refresh succeed?': (seen) => seen.has('sourceRefreshed successful'),
  'Wait before retrying': (seen) => seen.has('sourceRefreshed failedRetrying'),
  'Warn the support contact': (seen) => seen.has('supportContactWarned heldForLoss'),
  Refreshed: (seen) => seen.has('sourceRefreshed successful'),
  'Build the models of a level': (seen) => seen.has('tableBuilt model'),
  'Build the model': (seen) => seen.has('tableBuilt model'),
  'Build the segment': (seen) => seen.has('tableBuilt segment'),
  'Recreate the segment': (seen) => seen.has('entered Recreate static segments'),
  'Carry over the segment': (seen) => seen.has('entered Carry over static segments'),
  'Scan the table': (seen) => seen.has('entered Prove absence'),
  'Delete every version': (seen) => seen.has('copyDeleted superseded'),
  'Is it gone?': (seen) => seen.has('copyDeleted superseded'),
  Gone: (seen) => seen.has('copyDeleted superseded'),
  'Kept for a hold': (seen) => seen.has('keptForHold superseded'),
};

type Flow = keyof typeof flows;

export const flowsOfRequests: Flow[] = ['delete-customer-data', 'verify-sources', 'refresh-cycle'];

/** Which of their states the tests of refreshes that fail answer for; those side by side, for all others. */
export const enteredWhenRefreshesFail = [
  'refresh-cycle: Wait before retrying',
  'refresh-cycle: Warn the support contact',
];

/** A pass whose turn is over asks nobody, and ends in peace: a quick machine makes none by itself. */
export async function passWithoutItsTurn(): Promise<void> {
  const client = stepFunctions();
  const { executionArn } = await client.send(
    new StartExecutionCommand({
      stateMachineArn: platform.outputs.VerifySourcesArn,
      name: 'v-0',
      input: JSON.stringify({ passId: 'v-0', sleepSeconds: 0 }),
    }),
  );
  const status = await until('the pass ended', async () => {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' ? undefined : status;
  });
  if (status !== 'SUCCEEDED') throw new Error(`A pass without its turn ended as ${status}.`);
}

/** `<flow>: <state>` of every state of these flows that no execution of this platform has entered. */
export async function statesNotEntered(of: Flow[]): Promise<string[]> {
  const missing: string[] = [];
  const recorded = new Set([...(await recordedByCycles()), ...(await recordedByCleanUps())]);
  for (const flow of of) {
    const output = flows[flow];
    const { States } = JSON.parse(readFileSync(`statemachines/${flow}.asl.json`, 'utf8'));
    const entered = await enteredStates(platform.outputs[output] ?? '');
    const seen = new Set([...recorded, ...[...entered].map((name) => `entered ${name}`)]);
    for (const name of Object.keys(States))
      if (name !== NEVER && !entered.has(name)) missing.push(`${flow}: ${name}`);
    for (const name of Object.values(States as Record<string, State>).flatMap(within))
      if (!WITHIN_MAPS[name]?.(seen)) missing.push(`${flow}: ${name}`);
  }
  return missing;
}

const within = ({ ItemProcessor }: State): string[] =>
  Object.entries(ItemProcessor?.States ?? {}).flatMap(([name, state]) => [name, ...within(state)]);

async function enteredStates(stateMachineArn: string): Promise<Set<string>> {
  const client = stepFunctions();
  const entered = new Set<string>();
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn }))
    for (const { executionArn } of executions)
      for await (const { events = [] } of paginateGetExecutionHistory(
        { client, pageSize: 1000 },
        { executionArn },
      ))
        for (const { stateEnteredEventDetails } of events)
          if (stateEnteredEventDetails?.name) entered.add(stateEnteredEventDetails.name);
  return entered;
}

async function recordedByCycles(): Promise<Set<string>> {
  const recorded = new Set<string>();
  for (const { cycleId } of await cycles())
    for (const { event, facts } of await ledgerOf(`cycle/${cycleId}`))
      for (const word of [facts?.status, facts?.kind]) recorded.add(`${event} ${word}`);
  return recorded;
}

async function recordedByCleanUps(): Promise<Set<string>> {
  const recorded = new Set<string>();
  for (const { runId } of await rowsOf<{ runId: string }>('Catalog', 'CLEANUP'))
    for (const { event, facts } of await ledgerOf(`clean-up/${runId}`))
      recorded.add(`${event} ${facts?.why}`);
  return recorded;
}
