import { activeSnapshot } from '../../lambdas/adapters/catalog.ts';
import type { Certificate } from '../../lambdas/domain/certificate.ts';
import type { SuppressedReport } from '../../lambdas/domain/desk-reports.ts';
import type { Identity } from '../../lambdas/domain/identity.ts';
import type { PlatformDefinition } from '../../lambdas/domain/platform.ts';
import { aFlow } from './a-flow.ts';
import { anExportOf } from './a-request.ts';
import { openShop, type Steps } from './shop.ts';

const by = 'a-test';

type Answer = Record<string, unknown>;
/** Calls a step, as whoever calls it does when it fails. */
export type Calling = (step: string, run: () => Promise<Answer>) => Promise<Answer>;
const once: Calling = (_, run) => run();

/** The shop with all of its flows, whose steps are called as the flows would call them. */
export async function openErasingShop(
  change: (definition: PlatformDefinition) => void,
  calling: Calling = once,
) {
  const shop = await openShop();
  const sleeps = { Type: 'Wait', Seconds: 3600, End: true };
  const flows = ['DELETE_CUSTOMER_DATA', 'VERIFY_SOURCES', 'REFRESH_CYCLE'];
  for (const flow of [...flows, 'EXPORT_DATA', 'GATHER_EXPORTS'])
    process.env[`${flow}_ARN`] = await aFlow(sleeps);
  const [requests, passes, cycles, desk] = await Promise.all(
    ['delete-customer-data', 'verify-sources', 'refresh-cycle', 'desk'].map((flow) =>
      shop.functions(change, flow),
    ),
  );
  const call = (steps: Steps | undefined, step: string, input: object) => {
    const run = steps?.[step];
    if (!run) throw new Error(`There is no step ${step}.`);
    return calling(step, () => run(input));
  };

  /** From its door to its end. */
  async function runCycle(cycleId: string): Promise<void> {
    const inCycle = (step: string, input: object = {}) => call(cycles, step, { cycleId, ...input });
    const plan = (await inCycle('closeTheDoor')) as {
      sources: string[];
      levels: string[][];
      dynamicSegments: string[];
      staticSegments: string[];
      carriesErasure: boolean;
    };
    for (const source of plan.sources) await inCycle('refreshSource', { source, attempt: 1 });
    for (const model of plan.levels.flat()) await inCycle('buildModel', { model });
    for (const segment of plan.dynamicSegments) await inCycle('buildSegment', { segment });
    for (const segment of plan.staticSegments)
      await inCycle(plan.carriesErasure ? 'recreateSegment' : 'carryOverSegment', { segment });
    const { tables } = await inCycle('publishSnapshot');
    if (plan.carriesErasure) {
      for (const table of tables as string[]) await inCycle('proveAbsence', { table });
      await inCycle('findResidue');
    }
    await inCycle('releaseMembers');
    await inCycle('endCycle');
  }

  const ofRequest = (step: string, requestId: string) =>
    call(requests, step, { requestId, round: 1 });
  const opensFor = async (identities: Identity[]) =>
    String((await call(desk, 'openRequest', { identities, by })).requestId);
  const opens = (type: string, value: string) => opensFor([{ type, value }]);
  /** The holder of the nth line, as the desk shows them. */
  const turnOf = async (line: number) => {
    const lines = await call(desk, 'readDesk', { query: 'lines' });
    return String((lines as unknown as { turn?: string }[])[line]?.turn);
  };

  /** From the question to its sources until it waits for a cycle. Answers who was asked. */
  async function letsGo(requestId: string): Promise<string[]> {
    await ofRequest('askSources', requestId);
    const passId = await turnOf(1);
    const { sources } = await call(passes, 'beginPass', { passId });
    for (const source of sources as string[]) await call(passes, 'askSource', { passId, source });
    await call(passes, 'answerRequests', { passId });
    await call(passes, 'endPass', { passId });
    await ofRequest('joinRefreshCycle', requestId);
    return sources as string[];
  }

  /** An export of whom these identities mean, from where that is known to its package. */
  async function exports(unique: Identity[]): Promise<Answer> {
    const [exporting, gathering] = await Promise.all(
      ['export-data', 'gather-exports'].map((flow) => shop.functions(change, flow)),
    );
    const inRound = { requestId: await anExportOf({ unique, shared: [] }), round: 1 };
    await call(exporting, 'joinGathering', inRound);
    const gatheringId = await turnOf(2);
    const { tables } = await call(gathering, 'closeTheDoor', { gatheringId });
    for (const table of tables as string[])
      await call(gathering, 'gatherTable', { gatheringId, table });
    await call(gathering, 'releaseGathered', { gatheringId });
    await call(gathering, 'endGathering', { gatheringId });
    return call(exporting, 'packageExport', inRound);
  }

  return {
    ...shop,
    exports,
    /** A scheduled refresh, for nobody. Answers what came of each source. */
    async refreshes() {
      const { cycle } = await call(desk, 'requestRefresh', { sources: [], by });
      await runCycle(String(cycle));
      return (await call(desk, 'readDesk', { query: 'sources' })) as unknown as {
        source: string;
        status: string;
        leftOut?: number;
        resurrected?: number;
      }[];
    },
    opens,
    opensFor,
    resolves: (requestId: string) => ofRequest('resolveIdentities', requestId),
    asksWhoIsMeant: (requestId: string) => ofRequest('askWhoIsMeant', requestId),
    letsGo,
    /** Until the request waits for a cycle that was not run yet. Answers its id, and who was asked. */
    async asks(type: string, value: string) {
      const requestId = await opens(type, value);
      await ofRequest('resolveIdentities', requestId);
      return { requestId, asked: await letsGo(requestId) };
    },
    /** The cycle that everybody who waits is a member of. */
    runsTheCycle: async () => runCycle(await turnOf(0)),
    /** Looks at the proof and closes; answers the certificate. */
    async closes(requestId: string): Promise<Certificate> {
      for (const step of ['lookAtProof', 'certify', 'closeRequest'])
        await ofRequest(step, requestId);
      const { certificate } = await call(desk, 'readDesk', { query: 'certificate', requestId });
      return certificate as Certificate;
    },
    decides: (target: string, option: string) =>
      call(desk, 'decide', { target, option, as: 'tenantAdmin', by }),
    suppressed: async () =>
      (await call(desk, 'readDesk', { query: 'suppressed' })) as unknown as SuppressedReport[],
    /** What the active snapshot holds of a source. */
    async holds(source: string): Promise<string[]> {
      const partition = (await activeSnapshot())?.partitions[source];
      const rows = await shop.rows(`partitions/${source}/${partition}/rows.parquet`);
      return rows.map(({ customer_id, note }) => String(note ?? customer_id)).sort();
    },
  };
}
