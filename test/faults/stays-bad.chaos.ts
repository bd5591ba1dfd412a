import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionArn } from '../../lambdas/adapters/executions.ts';
import { LINES, type LineName } from '../../lambdas/domain/turn.ts';
import { expectSeen } from '../flows/as-seen.ts';
import { mailsAbout, operator } from '../flows/mailbox.ts';
import { platform, statusOf, stepFunctions, untilRequest } from '../flows/scene.ts';
import { rowsOf } from '../flows/tables.ts';
import { playExport } from './export-story.ts';
import { openHaunted, patienceMs } from './haunted-platform.ts';
import { aPair, aPerson } from './people.ts';
import { FLOW_OF } from './stopper.ts';
import { endOf, eraseGone, eventsOf, withSweeper } from './story.ts';
import { journal, makeWorld } from './world.ts';

interface Bad {
  step: string;
  /** Without one, whatever the step asks of AWS, so that not even its faults can be kept. */
  operation?: string;
  /** What goes no further: the request itself, or the line in which it waits. */
  stops: 'request' | LineName;
  /** A snapshot without the person is active by then. */
  isPublished: boolean;
}

const bads: Bad[] = [
  { step: 'askSources', operation: 'TransactWriteItems', stops: 'request', isPublished: false },
  { step: 'lookAtProof', stops: 'request', isPublished: true },
  { step: 'stateResidue', operation: 'TransactWriteItems', stops: 'request', isPublished: true },
  {
    ...{ step: 'answerRequests', operation: 'TransactWriteItems' },
    ...{ stops: 'verification', isPublished: false },
  },
  {
    ...{ step: 'publishSnapshot', operation: 'TransactWriteItems' },
    ...{ stops: 'cycles', isPublished: false },
  },
  {
    ...{ step: 'proveAbsence', operation: 'TransactWriteItems' },
    ...{ stops: 'cycles', isPublished: true },
  },
  {
    ...{ step: 'releaseMembers', operation: 'TransactWriteItems' },
    ...{ stops: 'cycles', isPublished: true },
  },
];
const played = bads.map((bad) => ({ ...bad, pair: aPerson(`bad-${bad.step.toLowerCase()}`) }));
const exported = aPair('exported');
const by = 'fault-tests';

let stop: () => Promise<void>;
let expected: Awaited<ReturnType<typeof endOf>>;
beforeAll(async () => {
  const undisturbed = aPerson('quiet');
  stop = await openHaunted([undisturbed, exported, ...played.map(({ pair }) => pair)]);
  expected = await withSweeper(async () => endOf(await eraseGone(undisturbed)));
}, patienceMs);
afterAll(() => stop?.());

const activeSnapshot = async () => (await platform.desk.snapshot()).snapshotId;

const untilStopped = (requestId: string) =>
  untilRequest(requestId, 'it waits on the operator', ({ waits }) =>
    waits.some(({ kind }) => kind === 'fault'),
  );

/** What the operator is told of a request, or of a line. */
async function expectStopped(requestId: string, stops: Bad['stops']): Promise<void> {
  const { request, waits } = await untilStopped(requestId);
  const isRequest = stops === 'request';
  const reasonCode = isRequest ? 'stoppedThreeTimes' : 'diedThreeTimes';
  const fault = expect.objectContaining({ kind: 'fault', role: 'operator', reasonCode });
  expect(waits).toContainEqual(fault);
  const line = (await platform.desk.lines()).find((one) => one.line === stops);
  if (isRequest) {
    const listed = (await platform.desk.list('open')).find((one) => one.requestId === requestId);
    expect(listed?.waits).toContainEqual(fault);
    expect(request.attempt).toBe(1 + 3);
    await expectSeen(requestId, 'the operator', 'stopped three times');
    // What a line waits for is listed once, and not with each request.
  } else expect(line).toMatchObject({ deaths: 3, stuck: true, wait: fault });
  const told = isRequest ? `Request ${requestId} has stopped` : `the last was ${line?.lastTurn}.`;
  expect(await mailsAbout(told, operator)).toHaveLength(1);
}

/**
 * What the console shows of a turn that died: the id by which `show` has the error's words. Its class
 * stands beside that; as the name of the error, the emulator gives one for all.
 */
async function expectNamedFault(line: LineName): Promise<void> {
  const turn = (await platform.desk.lines()).find((one) => one.line === line)?.lastTurn;
  const flow = platform.outputs[FLOW_OF[line]] ?? '';
  const { status, cause = '' } = await stepFunctions().send(
    new DescribeExecutionCommand({ executionArn: executionArn(flow, turn ?? '') }),
  );
  expect(status).toBe('FAILED');
  const [, faultClass, faultId = ''] = /(\w+) ([0-9A-Z]{26})/.exec(cause) ?? [];
  const shown = await platform.desk.disclose({ target: faultId, by });
  expect(shown).toMatchObject({
    outcome: 'faultsDisclosed',
    faults: [{ faultId, class: faultClass }],
  });
}

async function expectNothingCertified(requestId: string): Promise<void> {
  expect((await statusOf(requestId)).request.outcome).toBeUndefined();
  expect(await platform.desk.certificate(requestId)).toEqual({ outcome: 'notYet' });
  expect(await eventsOf(requestId)).not.toHaveProperty('certify');
}

async function expectNoLineWaits(): Promise<void> {
  for (const { owner } of Object.values(LINES))
    expect(await rowsOf('Requests', owner, 'WAIT#')).not.toContainEqual(
      expect.not.objectContaining({ answer: expect.anything() }),
    );
}

describe('AWS that stays bad', () => {
  it.each(played)(
    'in $step stops the $stops visibly, which goes on when it is resumed',
    async ({ step, operation, stops, isPublished, pair }) => {
      const before = await activeSnapshot();
      makeWorld({
        bad: { kind: 'failed', step, always: true, ...(operation && { operations: [operation] }) },
      });
      const end = await withSweeper(async () => {
        const requestId = await eraseGone(pair);
        await expectStopped(requestId, stops);
        if (stops !== 'request') await expectNamedFault(stops);
        await expectNothingCertified(requestId);
        expect((await activeSnapshot()) !== before).toBe(isPublished);
        expect(journal().some((note) => note.step === step && note.bad)).toBe(true);

        makeWorld({});
        const target = stops === 'request' ? requestId : stops;
        expect(await platform.desk.resume({ target, by })).toMatchObject({ outcome: 'resumed' });
        return endOf(requestId);
      });
      const { events } = expected;
      // That an operator resumed it stands in the chain of whatever had stopped.
      expect(end).toEqual({
        ...expected,
        events: stops === 'request' ? { ...events, decided: 1 } : events,
      });
      await expectNoLineWaits();
    },
    patienceMs,
  );

  it(
    'in gatherTable stops the gatherings visibly, and the export goes on when they are resumed',
    async () => {
      makeWorld({ bad: { kind: 'failed', step: 'gatherTable', always: true } });
      const end = await withSweeper(() =>
        playExport(exported, async (requestId, rest) => {
          if (rest !== 'gathering') return;
          await expectStopped(requestId, 'gatherings');
          await expectNothingCertified(requestId);
          makeWorld({});
          expect(await platform.desk.resume({ target: 'gatherings', by })).toMatchObject({
            outcome: 'resumed',
          });
        }),
      );
      expect(end).toMatchObject({
        ...{ outcome: 'delivered', execution: 'SUCCEEDED' },
        ...{ wasKept: true, isLeft: false, isDelivered: true },
      });
      await expectNoLineWaits();
    },
    patienceMs,
  );
});
