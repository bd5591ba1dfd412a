import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLOSING_OPTIONS } from '../../lambdas/domain/wait.ts';
import { certificateOf, decide, untilAsked, untilClosed, untilRequest } from '../flows/scene.ts';
import { ordersGetLines } from '../flows/trouble.ts';
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

async function besideAPackage(pair: Pair): Promise<Waiting> {
  const exporting = await openFor(pair, { kind: 'access' });
  await confirm(exporting);
  await untilAsked(exporting, 'collection');
  const requestId = await eraseGone(pair);
  const afterwards = async () => {
    await decide(exporting, 'cancelled', 'tenantAdmin');
    await untilClosed(exporting);
  };
  return { requestId, afterwards };
}

/** How a request comes to wait for that, by the kind of the wait. */
const waits = {
  confirmation: async (pair: Pair): Promise<Waiting> => ({ requestId: await openByMail(pair) }),
  whoIsMeant: async (pair: Pair): Promise<Waiting> => ({ requestId: await openFor(pair) }),
  sourcesLetGo: async (pair: Pair): Promise<Waiting> => ({ requestId: await askToErase(pair) }),
  refreshCycle: async (pair: Pair): Promise<Waiting> => {
    makeWorld({ holds: ['closeTheDoor'] });
    const requestId = await eraseGone(pair);
    await untilHeld('closeTheDoor');
    return { requestId, afterwards: async () => letGo('closeTheDoor') };
  },
  refreshDecision: async (pair: Pair): Promise<Waiting> => {
    const line = 'O-1,C-1,x@post.example,X,much,EUR,2026-01-01';
    const afterwards = await ordersGetLines('broken.csv', line);
    return { requestId: await eraseGone(pair), afterwards };
  },
  openPackages: besideAPackage,
  packagesAway: async (pair: Pair): Promise<Waiting> => {
    const waiting = await besideAPackage(pair);
    const { waitId } = await untilAsked(waiting.requestId, 'openPackages');
    await decide(waitId, 'waitForDownload', 'tenantAdmin');
    return waiting;
  },
  acknowledgement: async (pair: Pair): Promise<Waiting> => ({ requestId: await eraseGone(pair) }),
  fault: async (pair: Pair): Promise<Waiting> => {
    makeWorld({
      bad: { kind: 'failed', step: 'askSources', operations: ['TransactWriteItems'], always: true },
    });
    return { requestId: await askToErase(pair) };
  },
} satisfies Record<string, (pair: Pair) => Promise<Waiting>>;
type Kind = keyof typeof waits;

/** Whose address is another's too. */
const NOT_ALONE = new Set<Kind>(['confirmation', 'whoIsMeant']);
const table = (Object.keys(waits) as Kind[]).flatMap((kind) =>
  CLOSING_OPTIONS.map((option) => {
    const name = `${option}-${kind.toLowerCase()}`;
    return { kind, option, pair: NOT_ALONE.has(kind) ? aPair(name) : aPerson(name) };
  }),
);

let stop: () => Promise<void>;
beforeAll(async () => {
  stop = await openHaunted(table.map(({ pair }) => pair));
}, patienceMs);
afterAll(() => stop?.());

describe('a decision to close', () => {
  it.each(table)(
    'ends a request that waits ($kind) as $option',
    async ({ kind, option, pair }) => {
      makeWorld({});
      await withSweeper(async () => {
        const { requestId, afterwards } = await waits[kind](pair);
        try {
          await untilWaiting(requestId, kind);
          expect((await decide(requestId, option, 'tenantAdmin')).outcome).toBe('accepted');
        } finally {
          await afterwards?.();
        }
        expect(await untilClosed(requestId)).toMatchObject({
          outcome: option,
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
