import { queued } from '../../lambdas/adapters/cycles.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import type { openShop, Steps } from '../adapters/shop.ts';
import { everyRow } from '../adapters/tables.ts';
import { crowd, run, sellsTo } from './crowd.ts';
import { itemBytes } from './item-bytes.ts';

type Shop = Awaited<ReturnType<typeof openShop>>;
type Figures = Awaited<ReturnType<typeof run>> & {
  requestIds: string[];
  seconds: number;
  /** The largest item of each table, in bytes. */
  items: Record<'catalogTable' | 'requestsTable' | 'ledgerTable', number>;
};

/**
 * The cycle of so many people, of whom a snapshot was made, and whom the source has let go of since:
 * all are found as residue.
 */
export async function figuresOfCycle(shop: Shop, steps: Steps, people: number): Promise<Figures> {
  // A source that loses more than half of its rows is not believed.
  await sellsTo(shop, people, people);
  await transact([queued('refresh#01', 'all')]);
  await run('refresh-cycle', steps);
  await sellsTo(shop, 0, people);
  return measured(await crowd(people, 'refreshCycle'), () => run('refresh-cycle', steps));
}

/** The pass over so many people, of whom the source holds the first half. */
export async function figuresOfPass(shop: Shop, steps: Steps, people: number): Promise<Figures> {
  await sellsTo(shop, people / 2, 1);
  return measured(await crowd(people, 'sourcesLetGo'), () => run('verify-sources', steps));
}

async function measured(
  requestIds: string[],
  flow: () => ReturnType<typeof run>,
): Promise<Figures> {
  const started = Date.now();
  const history = await flow();
  const seconds = Math.round((Date.now() - started) / 1000);
  const largest = async (table: keyof Figures['items']) =>
    Math.max(...(await everyRow(table)).map(itemBytes));
  const items = {
    catalogTable: await largest('catalogTable'),
    requestsTable: await largest('requestsTable'),
    ledgerTable: await largest('ledgerTable'),
  };
  return { ...history, requestIds, seconds, items };
}

/** For people. */
export function tell(what: string, { steps, holder, ...figures }: Figures): void {
  const { requestIds, events, largest, items, seconds } = figures;
  const calls = [...steps].map(([step, { calls, input, output }]) => [
    step,
    `${calls} calls, in ${input}, out ${output} bytes`,
  ]);
  console.info(what, {
    holder,
    people: requestIds.length,
    events,
    largest,
    items,
    seconds,
    steps: Object.fromEntries(calls),
  });
}
