import { setTimeout } from 'node:timers/promises';
import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inCrm } from '../../infra/local/crm.ts';
import { executionArn } from '../../lambdas/adapters/executions.ts';
import { LINE_NAMES } from '../../lambdas/domain/turn.ts';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import { certificateOf, openScene, platform, stepFunctions, untilClosed } from '../flows/scene.ts';
import { cycles, ledgerOf } from '../flows/tables.ts';

const CROWD = Number(process.env.CROWD ?? 300);
/** So that it is no loss of most rows, about which the tenant admin would be asked. */
const STAYING = 3 * CROWD;
const patienceMs = 3_600_000;
const customer = (number: number) => `C-crowd-${number}`;
const by = 'fault-tests';

let own: OwnPlatform;
let requestIds: string[];
let answers: { outcome: string }[];
let seconds: number;

/**
 * The operator: of an account that lets sixteen functions run at once, throttling stops some
 * requests three times, and perhaps a line.
 */
async function resumeWhatStops(ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const open = await platform.desk.list('open').catch(() => []);
    const stopped = open.filter(({ waits }) => waits.some(({ kind }) => kind === 'fault'));
    for (const target of [...stopped.map(({ requestId }) => requestId), ...LINE_NAMES])
      await platform.desk.resume({ target, by }).catch(() => {});
    await setTimeout(10_000);
  }
}

/** Every tenth is asked for twice, once by each of two identities; every fifteenth twice the same. */
function identitiesOf(number: number) {
  const [id, email] = [customer(number), `crowd-${number}@people.example`];
  const byId = [{ type: 'customer_id', value: id }];
  const byEmail = [{ type: 'email', value: ` ${email.toUpperCase()} ` }];
  if (number % 10 === 0) return [byId, byEmail];
  return number % 15 === 1 ? [byId, byId] : [byId];
}

beforeAll(async () => {
  own = await ownPlatform({
    alsoInSources: ({ server }) =>
      inCrm(server, async (client) => {
        await client.query(
          `INSERT INTO customers (customer_id, email, first_name, last_name)
           SELECT 'C-crowd-' || n, 'crowd-' || n || '@people.example', 'Ada', 'Crowd'
           FROM generate_series(1, $1) AS n`,
          [CROWD + STAYING],
        );
      }),
  });
  openScene(own.platform, { patience: 3000 });
  await inCrm(own.platform.server, (client) =>
    client.query(
      `DELETE FROM customers WHERE customer_id IN
         (SELECT 'C-crowd-' || n FROM generate_series(1, $1) AS n)`,
      [CROWD],
    ),
  );
  const started = Date.now();
  const asked = Array.from({ length: CROWD }, (_, index) => identitiesOf(index + 1)).flat();
  const opened = await Promise.all(
    asked.map((identities) => platform.desk.open({ identities, by })),
  );
  seconds = (Date.now() - started) / 1000;
  answers = opened;
  requestIds = opened.flatMap((one) => (one.outcome === 'opened' ? [one.requestId] : []));
  const ended = new AbortController();
  const resuming = resumeWhatStops(ended.signal);
  try {
    for (const requestId of requestIds) await untilClosed(requestId);
  } finally {
    ended.abort();
    await resuming;
  }
}, patienceMs);
afterAll(() => own?.stop());

const eventsOf = async (stateMachineArn: string, name: string) => {
  const events: { type?: string; bytes: number }[] = [];
  for await (const page of paginateGetExecutionHistory(
    { client: stepFunctions(), pageSize: 1000 },
    { executionArn: executionArn(stateMachineArn, name) },
  ))
    for (const event of page.events ?? [])
      events.push({ type: event.type, bytes: JSON.stringify(event).length });
  return events;
};

describe(`${CROWD} people at once`, () => {
  it('are each accepted once: who asks the same again is told so', () => {
    const outcomes = new Set(answers.map(({ outcome }) => outcome));
    expect(outcomes).toEqual(new Set(['opened', 'alreadyOpen']));
    const twins = Math.floor(CROWD / 10);
    expect(requestIds).toHaveLength(CROWD + twins);
    console.info(`${answers.length} requests were sent in ${seconds} s`);
  });

  it(
    'are each erased, released once, and by a cycle that proved it',
    async () => {
      let startedAgain = 0;
      const carriedBy = new Map(
        (await cycles()).map(({ cycleId, members }) => [
          `${cycleId}`,
          members.map(({ requestId }) => requestId),
        ]),
      );
      for (const requestId of requestIds) {
        // Whoever is throttled for longer than a step is retried is started again.
        const { outcome, execution, request } = await untilClosed(requestId);
        expect({ outcome, execution }).toEqual({
          outcome: 'erased',
          execution: { status: 'SUCCEEDED' },
        });
        if (request.attempt > 1) startedAgain += 1;
        const { refresh, proof } = await certificateOf(requestId);
        expect(carriedBy.get(refresh?.cycleId ?? '')).toContain(requestId);
        expect(proof?.found).toEqual([]);
        const events = (await ledgerOf(`request/${requestId}`)).map(({ event }) => event);
        for (const once of [
          'requestReceived',
          'sourcesLetGo',
          'released',
          'certify',
          'requestClosed',
        ])
          expect(events.filter((event) => event === once)).toEqual([once]);
      }
      console.info(`${startedAgain} of ${requestIds.length} were started again`);
    },
    patienceMs,
  );

  it('refresh each source once a cycle, in a few cycles', async () => {
    const carrying = (await cycles()).filter(({ members }) => members.length > 0);
    // Whom a cycle carried that died is carried by another.
    const carried = carrying.flatMap(({ members }) => members.map(({ requestId }) => requestId));
    expect(new Set(carried).size).toBe(requestIds.length);
    for (const { cycleId } of carrying) {
      const refreshed = (await ledgerOf(`cycle/${cycleId}`)).flatMap(({ event, facts }) =>
        event === 'sourceRefreshed' ? [facts?.source] : [],
      );
      expect(new Set(refreshed).size).toBe(refreshed.length);
    }
    console.info(carrying.map(({ cycleId, members }) => `${cycleId}: ${members.length} members`));
  });

  it('leave payloads and histories small, whatever their number', async () => {
    const { DeleteCustomerDataArn = '', RefreshCycleArn = '' } = platform.outputs;
    const [requestId = ''] = requestIds;
    const ofRequest = await eventsOf(DeleteCustomerDataArn, `${requestId}-1`);
    const largest = [...(await cycles())].sort((a, b) => b.members.length - a.members.length)[0];
    const ofCycle = await eventsOf(RefreshCycleArn, largest?.cycleId ?? '');
    for (const events of [ofRequest, ofCycle]) {
      expect(events.length).toBeLessThan(5000);
      expect(Math.max(...events.map(({ bytes }) => bytes))).toBeLessThan(32 * 1024);
    }
    const entered = (events: typeof ofCycle) =>
      events.filter(({ type }) => type?.endsWith('StateEntered')).length;
    console.info(
      `request: ${ofRequest.length} events, ${entered(ofRequest)} states; ` +
        `cycle of ${largest?.members.length}: ${ofCycle.length} events, ${entered(ofCycle)} states`,
    );
  });
});
