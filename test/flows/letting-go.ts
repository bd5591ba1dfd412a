import { until } from '../../infra/local/patience.ts';
import type { RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import type { WaitSummary } from '../../lambdas/domain/request.ts';
import { untilRequest } from './scene.ts';
import { rowOf } from './tables.ts';

/**
 * Until one source says that it holds the person, its owner was asked, and every other source has
 * let go. A wait alone tells less: a pass may have begun before the request came, and ask only some.
 */
export async function untilOnly(
  source: string,
  requestId: string,
): Promise<RequestStatusReport & { wait: WaitSummary }> {
  const askedIn = ({ waits }: RequestStatusReport) =>
    waits.find(({ kind, role }) => kind === 'sourcesLetGo' && role !== undefined);
  const report = await untilRequest(
    requestId,
    `only ${source} holds the person, and its owner was asked`,
    (seen) => askedIn(seen) !== undefined && onlyHolderIs(source, seen),
  );
  const wait = askedIn(report);
  if (!wait) throw new Error('It was there a moment ago.');
  return { ...report, wait };
}

const onlyHolderIs = (source: string, { verification }: RequestStatusReport): boolean =>
  Object.entries(verification).every(
    ([name, { answer }]) => answer === (name === source ? 'stillHeld' : 'gone'),
  );

/** Until a pass works that began after this was called: what an earlier one was asking is answered. */
export async function untilNextPass(): Promise<void> {
  const pass = async () => (await rowOf<{ n: number }>('Catalog', 'LOCK', 'VERIFY'))?.n ?? 0;
  const before = await pass();
  await until('the next pass', async () => (await pass()) > before || undefined);
}
