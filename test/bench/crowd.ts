import { placeholderEmail } from '../../infra/local/demo-data/demo-people.ts';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { customerOf } from '../../infra/local/demo-data/population.ts';
import { refreshOnce } from '../../infra/local/first-refresh.ts';
import { until } from '../../infra/local/patience.ts';
import { step } from '../../infra/local/progress.ts';
import {
  deployDemo,
  fillSources,
  type Ground,
  openPlatform,
  type RunningPlatform,
} from '../../infra/local/running-platform.ts';
import { mapLimited } from '../../lambdas/adapters/map-limited.ts';
import type { Figure } from './figures.ts';
import { countWork } from './work.ts';

const CUSTOMERS = 300;
/** The emulator has sixteen places, and the flows need most of them. */
const OPENED_AT_ONCE = 4;
const PATIENCE_SECONDS = 1800;

/**
 * Many requests at once, for people whom the sources have let go already: how often a source is
 * asked and read, and how much an execution costs. Counts, which no other program on this machine
 * changes.
 */
export async function measureCrowd(ground: Ground, requests: number): Promise<Figure[]> {
  const platform = await step('Deploy the demo', async ({ say }) => {
    await Promise.all([fillSources(ground, CUSTOMERS), deployDemo(ground)]);
    const running = await openPlatform(ground);
    await refreshOnce(running, say);
    return running;
  });
  const people = ordinaryCustomers(requests);
  await step(`Delete ${requests} customers from every source`, async ({ say }) => {
    for (const [position, person] of people.entries()) {
      for (const deletes of Object.values(platform.owners)) await deletes(person);
      say(`${position + 1}`);
    }
  });
  const since = new Date();
  const requestIds = await step(`Ask for ${requests} erasures`, () =>
    mapLimited(people, OPENED_AT_ONCE, (person) => askFor(platform, person)),
  );
  await step('Wait until all are closed', async ({ say }) => {
    await until(
      'all requests were closed',
      async () => {
        const closed = await closedOf(platform, requestIds);
        say(`${closed} of ${requests}`);
        return closed === requests ? true : undefined;
      },
      PATIENCE_SECONDS,
    );
  });
  return step('Count', () => countWork(platform, { requests, since }));
}

/** Nobody whom another customer shares an address with. */
function ordinaryCustomers(count: number): Person[] {
  const numbers = Array.from({ length: CUSTOMERS }, (_, index) => 1 + index);
  const ordinary = numbers
    .flatMap((number) => customerOf(`C-${String(number).padStart(6, '0')}`) ?? [])
    .filter(({ email, orders, visits }) => email && orders.count > 0 && visits.count > 0)
    .filter(({ email }) => email !== placeholderEmail);
  if (ordinary.length < count)
    throw new Error(`The demo has ${ordinary.length} such customers, and not ${count}.`);
  return ordinary.slice(-count);
}

async function askFor({ desk }: RunningPlatform, { customerId = '' }: Person): Promise<string> {
  const identities = [{ type: 'customer_id', value: customerId }];
  const asked = () => desk.open({ identities, by: 'bench' });
  const opened = await until('the desk had time', () => asked().catch(() => undefined));
  if (opened.outcome !== 'opened') throw new Error(`The request was not opened: ${opened.outcome}`);
  return opened.requestId;
}

async function closedOf({ desk }: RunningPlatform, requestIds: string[]): Promise<number> {
  const closed = await desk.list('closed').catch(() => []);
  const ids = new Set<string>(closed.map(({ requestId }) => requestId));
  return requestIds.filter((id) => ids.has(id)).length;
}
