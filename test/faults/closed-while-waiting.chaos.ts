import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLOSING_OPTIONS, type WaitKind } from '../../lambdas/domain/wait.ts';
import { collected, untilKept } from '../flows/packages.ts';
import { certificateOf, decide, untilAsked, untilClosed, untilRequest } from '../flows/scene.ts';
import { ordersGetLines } from '../flows/trouble.ts';
import { type ExportRest, openExport } from './export-story.ts';
import { openHaunted, patienceMs, untilHeld } from './haunted-platform.ts';
import { expectNothingLeft } from './nothing-left.ts';
import { aPair, aPerson, type Pair } from './people.ts';
import { askToErase, confirm, eraseGone, openByMail, openFor, withSweeper } from './story.ts';
import { letGo, makeWorld } from './world.ts';

/** A request that waits, and what makes the world good again for whoever comes next. */
interface Waiting {
  requestId: string;
  afterwards?: () => Promise<unknown>;
}

type Waits<Kind extends WaitKind> = Record<Kind, (pair: Pair) => Promise<Waiting>>;
/** All but an export’s own, what is no request’s, and a hold, which refuses whoever wants to close. */
type OfErasures = Exclude<
  WaitKind,
  'gathering' | 'collection' | 'packageKept' | 'legalHold' | 'resurrected' | 'adminChange'
>;
type OfExports = ExportRest | 'fault';

async function confirmedExport(pair: Pair): Promise<string> {
  const requestId = await openExport(pair);
  await confirm(requestId);
  return requestId;
}

async function offeredExport(pair: Pair): Promise<string> {
  const requestId = await confirmedExport(pair);
  await untilAsked(requestId, 'collection');
  return requestId;
}

/** Of a cycle or a gathering. */
async function beforeTheDoor(open: () => Promise<string>): Promise<Waiting> {
  makeWorld({ holds: ['closeTheDoor'] });
  const requestId = await open();
  await untilHeld('closeTheDoor');
  return { requestId, afterwards: async () => letGo('closeTheDoor') };
}

async function besideAPackage(pair: Pair): Promise<Waiting> {
  const exporting = await offeredExport(pair);
  const requestId = await eraseGone(pair);
  const afterwards = async () => {
    await decide(exporting, 'cancelled', 'tenantAdmin');
    await untilClosed(exporting);
  };
  return { requestId, afterwards };
}

/** How an erasure comes to wait for that, by the kind of the wait. */
const ofErasures: Waits<OfErasures> = {
  confirmation: async (pair) => ({ requestId: await openByMail(pair) }),
  whoIsMeant: async (pair) => ({ requestId: await openFor(pair) }),
  sourcesLetGo: async (pair) => ({ requestId: await askToErase(pair) }),
  refreshCycle: (pair) => beforeTheDoor(() => eraseGone(pair)),
  refreshDecision: async (pair) => {
    const line = 'O-1,C-1,x@post.example,X,much,EUR,2026-01-01';
    const afterwards = await ordersGetLines('broken.csv', line);
    return { requestId: await eraseGone(pair), afterwards };
  },
  openPackages: besideAPackage,
  packagesAway: async (pair) => {
    const waiting = await besideAPackage(pair);
    const { waitId } = await untilAsked(waiting.requestId, 'openPackages');
    await decide(waitId, 'waitForDownload', 'tenantAdmin');
    return waiting;
  },
  acknowledgement: async (pair) => ({ requestId: await eraseGone(pair) }),
  fault: async (pair) => {
    cannotWriteIn('askSources');
    return { requestId: await askToErase(pair) };
  },
};

/** The same of an export. */
const ofExports: Waits<OfExports> = {
  confirmation: async (pair) => ({ requestId: await openExport(pair) }),
  whoIsMeant: async (pair) => ({ requestId: await confirmedExport(pair) }),
  gathering: (pair) => beforeTheDoor(() => confirmedExport(pair)),
  collection: async (pair) => ({ requestId: await offeredExport(pair) }),
  packageKept: async (pair) => {
    const requestId = await offeredExport(pair);
    await collected(requestId);
    await untilKept(requestId);
    return { requestId };
  },
  fault: async (pair) => {
    cannotWriteIn('joinGathering');
    return { requestId: await confirmedExport(pair) };
  },
};

const cannotWriteIn = (step: string) =>
  makeWorld({ bad: { kind: 'failed', step, operations: ['TransactWriteItems'], always: true } });

/** Whose address is another's too. */
const NOT_ALONE = ['confirmation', 'whoIsMeant'];
/** Nobody takes back what was handed over. */
const HANDED_OVER = ['packageKept'];

const closedIn = (flow: 'erasure' | 'export', waits: Partial<Waits<WaitKind>>) =>
  Object.entries(waits).flatMap(([kind, begin]) =>
    CLOSING_OPTIONS.map((option) => {
      const name = `${flow}-${option}-${kind.toLowerCase()}`;
      const pair = NOT_ALONE.includes(kind) ? aPair(name) : aPerson(name);
      const outcome = HANDED_OVER.includes(kind) ? 'delivered' : option;
      return { flow, kind, begin, option, outcome, pair };
    }),
  );
const table = [...closedIn('erasure', ofErasures), ...closedIn('export', ofExports)];

let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await openHaunted(table.map(({ pair }) => pair));
}, patienceMs);
afterAll(() => stop?.());

describe('a decision to close', () => {
  it.each(table)(
    '($option) ends an $flow that waits ($kind) as $outcome',
    async ({ kind, begin, option, outcome, pair }) => {
      makeWorld({});
      await withSweeper(async () => {
        const { requestId, afterwards } = await begin(pair);
        try {
          await untilWaiting(requestId, kind);
          expect((await decide(requestId, option, 'tenantAdmin')).outcome).toBe('accepted');
        } finally {
          await afterwards?.();
        }
        expect(await untilClosed(requestId)).toMatchObject({
          outcome,
          execution: { status: 'SUCCEEDED' },
        });
        expect((await certificateOf(requestId)).closedBy).toMatchObject({ option });
        await expectNothingLeft(requestId);
      });
    },
    patienceMs,
  );
});

const untilWaiting = (requestId: string, kind: string) =>
  untilRequest(requestId, `it waits (${kind})`, ({ waits: open }) =>
    open.some((wait) => wait.kind === kind),
  );
