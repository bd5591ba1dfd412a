import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Step = (input: object) => Promise<object>;
type Values = Record<string, unknown>;

interface State {
  Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Map' | 'Succeed' | 'Fail';
  Resource?: string;
  Arguments?: Json;
  Assign?: Json;
  Output?: Json;
  Items?: string;
  ItemSelector?: Json;
  ItemProcessor?: Flow;
  Choices?: { Condition: string; Next: string }[];
  Default?: string;
  Next?: string;
}
interface Flow {
  StartAt: string;
  States: Record<string, State>;
}

/** What Step Functions would have written into the history of one execution. */
export interface History {
  /** Counted as AWS writes them; a Map's iterations count with their parent. */
  events: number;
  entered: Map<string, number>;
  /** The largest text that an event carries, in bytes, and where that was. */
  largest: { bytes: number; of: string };
  /** Of each step, the largest input and output, in bytes. */
  steps: Map<string, { calls: number; input: number; output: number }>;
}

/** Events of a state that is entered and left; a step adds that it was scheduled, began and ended. */
const ENTERED_AND_LEFT = 2;
const CALLED = 3;
/** Of a Map: that it began and ended; of each of its iterations, the same. */
const BEGAN_AND_ENDED = 2;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/**
 * Runs `statemachines/<flow>.asl.json` over these steps, and keeps what the history would hold. The
 * states that these flows use, and no others; nothing waits, and nothing is tried again.
 */
export async function runFlow(
  flow: string,
  steps: Record<string, Step>,
  input: Record<string, Json>,
): Promise<History> {
  const file = new URL(`../../statemachines/${flow}.asl.json`, import.meta.url);
  const run = new Run(steps, { Execution: { Input: input } });
  await run.flow(JSON.parse(readFileSync(file, 'utf8')), input, {});
  run.history.events += BEGAN_AND_ENDED;
  return run.history;
}

class Run {
  readonly history: History = {
    events: 0,
    entered: new Map(),
    largest: { bytes: 0, of: '' },
    steps: new Map(),
  };
  readonly #steps: Record<string, Step>;
  readonly #context: Values;

  constructor(steps: Record<string, Step>, context: Values) {
    this.#steps = steps;
    this.#context = context;
  }

  /** @returns the output of the last state */
  async flow({ StartAt, States }: Flow, given: unknown, variables: Values): Promise<unknown> {
    let input = given;
    for (let name: string | undefined = StartAt; name; ) {
      const state: State | undefined = States[name];
      if (!state) throw new Error(`There is no state ${name}.`);
      if (state.Type === 'Fail') throw new Error(`The flow failed in ${name}.`);
      this.#enter(name, input);
      const { output, next } = await this.#state(state, input, variables);
      this.#carry(`${name}: output`, output);
      [input, name] = [output, next];
    }
    return input;
  }

  #enter(name: string, input: unknown): void {
    const { entered } = this.history;
    entered.set(name, (entered.get(name) ?? 0) + 1);
    this.history.events += ENTERED_AND_LEFT;
    this.#carry(`${name}: input`, input);
  }

  #carry(of: string, value: unknown): void {
    const bytes = bytesOf(value);
    if (bytes > this.history.largest.bytes) this.history.largest = { bytes, of };
  }

  async #state(state: State, input: unknown, variables: Values) {
    const look = (template: Json | undefined, more: Values = {}) =>
      evaluated(template, { ...variables, states: { input, context: this.#context, ...more } });
    if (state.Type === 'Choice') {
      for (const { Condition, Next } of state.Choices ?? [])
        if ((await look(Condition)) === true) return { output: input, next: Next };
      return { output: input, next: state.Default };
    }
    const result =
      state.Type === 'Task'
        ? await this.#call(state, await look(state.Arguments))
        : state.Type === 'Map'
          ? await this.#map(state, { input, items: await look(state.Items), variables })
          : input;
    const output = state.Output === undefined ? result : await look(state.Output, { result });
    const assigned = await look(state.Assign, { result });
    this.#carry('variables', assigned);
    Object.assign(variables, assigned);
    return { output, next: state.Next };
  }

  async #call({ Resource = '' }: State, input: unknown): Promise<unknown> {
    const step = Resource.slice('${'.length, -1);
    const output = await this.#steps[step]?.(input as object);
    if (output === undefined) throw new Error(`There is no step ${step}.`);
    this.history.events += CALLED;
    this.#carry(`${step}: arguments`, input);
    this.#carry(`${step}: result`, output);
    const before = this.history.steps.get(step) ?? { calls: 0, input: 0, output: 0 };
    this.history.steps.set(step, {
      calls: before.calls + 1,
      input: Math.max(before.input, bytesOf(input)),
      output: Math.max(before.output, bytesOf(output)),
    });
    return JSON.parse(JSON.stringify(output));
  }

  async #map(
    { ItemSelector, ItemProcessor }: State,
    { input, items, variables }: { input: unknown; items: unknown; variables: Values },
  ): Promise<unknown[]> {
    if (!Array.isArray(items) || !ItemProcessor) throw new Error('A Map has nothing to go over.');
    this.history.events += BEGAN_AND_ENDED;
    const results: unknown[] = [];
    for (const item of items) {
      this.history.events += BEGAN_AND_ENDED;
      const context = { ...this.#context, Map: { Item: { Value: item } } };
      const selected = await evaluated(ItemSelector, { ...variables, states: { input, context } });
      results.push(await this.flow(ItemProcessor, selected, { ...variables }));
    }
    this.#carry('results of a Map', results);
    return results;
  }
}

/** Each `{% … %}` of a template, as its value. */
async function evaluated(template: Json | undefined, variables: Values): Promise<unknown> {
  if (template === undefined) return undefined;
  if (Array.isArray(template)) return Promise.all(template.map((one) => evaluated(one, variables)));
  if (template !== null && typeof template === 'object') {
    const values = Object.entries(template).map(async ([key, value]) => [
      key,
      await evaluated(value, variables),
    ]);
    return Object.fromEntries(await Promise.all(values));
  }
  const [, expression] = /^\{%(.*)%\}$/s.exec(String(template)) ?? [];
  if (expression === undefined) return template;
  const value = await jsonata(expression).evaluate({}, variables);
  // What JSONata gives has marks of its own.
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
