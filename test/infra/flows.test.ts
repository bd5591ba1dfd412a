import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
// @ts-expect-error The package has no types.
import validate from 'asl-validator';
import { buildSync } from 'esbuild';
import { tokensOf } from '../../infra/constructs/flow.ts';
import { FLOWS } from '../../infra/constructs/flow-arns.ts';
import { permissions } from '../../infra/permissions.ts';

interface Retrier {
  ErrorEquals: string[];
  MaxAttempts?: number;
}
interface State {
  Type: string;
  Resource?: string;
  Arguments?: unknown;
  TimeoutSeconds?: number;
  Retry?: Retrier[];
  Catch?: { ErrorEquals: string[] }[];
  ItemSelector?: Record<string, unknown>;
  ItemProcessor?: Flow;
  Choices?: { Condition: string }[];
}
interface Flow {
  States: Record<string, State>;
}

const textOf = (flow: string): string =>
  readFileSync(new URL(`../../statemachines/${flow}.asl.json`, import.meta.url), 'utf8');

const statesOf = ({ States }: Flow): [string, State][] =>
  Object.entries(States).flatMap(([name, state]) => [
    [name, state],
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);

const exportsOf = (file: string): string[] => {
  const { metafile } = buildSync({
    entryPoints: [`lambdas/handlers/${file}.ts`],
    bundle: false,
    write: false,
    metafile: true,
    format: 'esm',
    outfile: 'index.mjs',
  });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
};

const WAITING = 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken';
const NO_STEPS = ['requestsTable', 'lakeBucket'];
const IDS = [
  ...['requestId', 'round', 'cycleId', 'passId', 'gatheringId', 'attempt', 'runId', 'by'],
  ...['source', 'model', 'models', 'segment', 'table'],
];

describe.each(FLOWS)('the flow %s', (flow) => {
  const text = textOf(flow);
  const states = statesOf(JSON.parse(text));
  const tasks = states.filter(([, { Type }]) => Type === 'Task');
  const steps = tasks.filter(([, { Resource }]) => Resource !== WAITING);
  const waits = tasks.filter(([, { Resource }]) => Resource === WAITING);

  it('is valid Amazon States Language', () => {
    const withArns = text.replaceAll(/\$\{(\w+)\}/g, 'arn:aws:lambda:eu-west-1:1:function:$1');
    expect(validate(JSON.parse(withArns)).errorsText()).toBe('');
  });

  it('calls a handler of its own file with every step, and leaves none uncalled', () => {
    const called = [...tokensOf(text)].filter((token) => !NO_STEPS.includes(token)).sort();
    expect(exportsOf(flow).sort()).toEqual(called);
    expect(Object.keys(permissions[flow]).sort()).toEqual(called);
  });

  it.each(tasks)('retries whatever is thrown in "%s"', (_, { Retry = [] }) => {
    const everything = Retry.at(-1);
    expect(everything?.ErrorEquals).toEqual(['States.ALL']);
    expect(everything?.MaxAttempts).toBeGreaterThanOrEqual(12);
  });

  it.each(steps)('outwaits the function of "%s", and catches no fault', (_, state) => {
    expect(state.TimeoutSeconds).toBeGreaterThan(900);
    expect(state.Retry).toHaveLength(1);
    expect(state.Catch).toBeUndefined();
  });

  it.each(steps)('carries nothing but ids and counts into "%s"', (_, { Arguments }) => {
    if (typeof Arguments === 'object') expect(IDS).toEqual(expect.arrayContaining(keys(Arguments)));
    else expect(Arguments).toBe('{% $states.input %}');
  });

  it('carries nothing but ids into what it does many times', () => {
    const selected = states.flatMap(([, { ItemSelector }]) => keys(ItemSelector));
    expect(IDS).toEqual(expect.arrayContaining(selected));
  });

  it('fits the definition that Step Functions takes', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
  });

  if (waits.length > 0)
    it.each(waits)('passes "%s" when the answer is already there', (_, state) => {
      const answered = ['DynamoDb.ConditionalCheckFailedException'];
      expect(state.Retry?.[0]).toEqual({ ErrorEquals: answered, MaxAttempts: 0 });
      expect(state.Catch).toHaveLength(1);
      expect(state.Catch?.[0]?.ErrorEquals).toEqual(answered);
      expect(state.Arguments).toMatchObject({
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(answer)',
        UpdateExpression: 'SET taskToken = :taskToken',
      });
    });
});

it.each(['desk', 'sweeper'] as const)('every export of %s has its permissions', (file) => {
  expect(Object.keys(permissions[file]).sort()).toEqual(exportsOf(file).sort());
});

const keys = (object: object | null | undefined): string[] => Object.keys(object ?? {});
