import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sweep } from '../../infra/local/running-platform.ts';
import type { RequestKind } from '../../lambdas/domain/request.ts';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import { collected, confirmed, download, untilKept } from '../flows/packages.ts';
import { byNumber, everybodyDeletes, nextCustomer } from '../flows/people.ts';
import {
  certificateOf,
  decide,
  type EndedExecution,
  executionOf,
  openScene,
  platform,
  requestErasure,
  type statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from '../flows/scene.ts';
import { cycleOf, cycles, ledgerOf, rowsOf } from '../flows/tables.ts';
import { letTimePass } from '../flows/time.ts';
import { type Asked, collectionOf } from '../flows/typed-codes.ts';
import { openExport } from './export-story.ts';
import { untilHeld } from './haunted-platform.ts';
import { aPair, aPerson, deleteMeant, seedPair } from './people.ts';
import { openFor, withSweeper } from './story.ts';
import { faultsEnvironment, forgetWorld, letGo, makeWorld } from './world.ts';

/** Where each request stood when the emulator ended. */
interface Standing<T> {
  /** A source still holds the person. */
  held: T;
  /** The tenant admin has to say who is meant. */
  asked: T;
  /** In a cycle that is refreshing its sources. */
  member: T;
  /** Came after that cycle's door was closed. */
  queued: T;
  /** An export, whose package waits to be collected. */
  offered: T;
  /** Another, in a gathering that reads its tables. */
  gathering: T;
}
/** Everything is brought up twice, and many wait for the same cycle. */
const patienceMs = 2_400_000;
const STANDINGS = ['held', 'asked', 'member', 'queued', 'offered', 'gathering'] as const;
/** Steps that are at work when the emulator ends. */
const HELD = ['refreshSource', 'gatherTable'] as const;
const EXPORTS: readonly string[] = ['offered', 'gathering'];
const kindOf = (standing: string) => (EXPORTS.includes(standing) ? 'access' : 'erasure');

const [pair, exported, gathered] = [aPair('restarted'), aPerson('exported'), aPerson('gathered')];
const [held, member, queued] = [nextCustomer(), nextCustomer(), nextCustomer()];

let own: OwnPlatform;
let requests: Standing<string>;
let mailed: Asked;
let deadCycle: string;
let queue: string[];
let before: Standing<EndedExecution>;
let afterOneSweep: Standing<EndedExecution>;
let outcomes: Standing<string>;

beforeAll(async () => {
  makeWorld({});
  own = await ownPlatform({
    alsoInSources: async (ground) => {
      for (const one of [pair, exported, gathered]) await seedPair(ground, one);
    },
    environment: { ...faultsEnvironment(), SFN_WAIT_SCALE: '0.05' },
    persistent: true,
  });
  openScene(own.platform, { patience: 1500 });
  const offered = await offer();
  makeWorld({ holds: [...HELD] });
  const gathering = await openExport(gathered);
  await confirmed(gathering);
  requests = { ...(await openErasures()), offered, gathering };
  await untilHeld('gatherTable');
  deadCycle = (await cycles()).find(({ endedAt }) => !endedAt)?.cycleId ?? '';
  queue = (await rowsOf<{ sk: string }>('Catalog', 'QUEUE')).map(({ sk }) => sk);

  await own.restart();
  // A step that outlived its emulator would go on now.
  for (const step of HELD) letGo(step);
  makeWorld({});
  before = await ofEach((requestId, kind) => executionOf(requestId, 1, kind));
  await sweep(platform);
  afterOneSweep = await ofEach((requestId, kind) => executionOf(requestId, 2, kind));
  outcomes = await withSweeper(closeEach);
}, patienceMs);
afterAll(async () => {
  await own?.stop();
  forgetWorld();
});

/** An export up to its offer. Its mails are read now: the emulator forgets them, the tenant admin does not. */
async function offer(): Promise<string> {
  const requestId = await openExport(exported);
  await confirmed(requestId);
  await untilAsked(requestId, 'collection');
  mailed = await collectionOf(requestId);
  return requestId;
}

async function openErasures(): Promise<Omit<Standing<string>, 'offered' | 'gathering'>> {
  const asked = await openFor(pair);
  const isHeld = await requestErasure([byNumber(held)]);
  await everybodyDeletes(member, queued);
  const isMember = await requestErasure([byNumber(member)]);
  await untilHeld('refreshSource');
  const isQueued = await requestErasure([byNumber(queued)]);
  const waitsForCycle = ({ waits }: Awaited<ReturnType<typeof statusOf>>) =>
    waits.some(({ kind }) => kind === 'refreshCycle');
  await untilRequest(isQueued, 'it waits for a cycle', waitsForCycle);
  await untilAsked(isHeld, 'sourcesLetGo');
  await untilAsked(asked, 'whoIsMeant');
  return { held: isHeld, asked, member: isMember, queued: isQueued };
}

async function closeEach(): Promise<Standing<string>> {
  const { waitId, options } = await untilAsked(requests.asked, 'whoIsMeant');
  await deleteMeant(platform, pair);
  await decide(waitId, options.find((option) => option === 'only-1') ?? '', 'tenantAdmin');
  await everybodyDeletes(held);
  expect((await download(mailed)).length).toBeGreaterThan(0);
  await untilAsked(requests.gathering, 'collection');
  expect((await collected(requests.gathering)).length).toBeGreaterThan(0);
  for (const requestId of [requests.offered, requests.gathering]) {
    await untilKept(requestId);
    await letTimePass(`${requestId}/packageKept#1`);
  }
  return ofEach(async (requestId) => (await untilClosed(requestId)).outcome);
}

async function ofEach<T>(
  look: (requestId: string, kind: RequestKind) => Promise<T>,
): Promise<Standing<T>> {
  const seen = STANDINGS.map(
    async (name) => [name, await look(requests[name], kindOf(name))] as const,
  );
  return Object.fromEntries(await Promise.all(seen)) as unknown as Standing<T>;
}

const each = <T>(value: T): Standing<T> => ({
  held: value,
  asked: value,
  member: value,
  queued: value,
  offered: value,
  gathering: value,
});

describe('the emulator, ended with open requests and started again', () => {
  it('had a request in the cycle that runs, and another in the queue', async () => {
    const members = (await cycleOf(deadCycle))?.members.map(({ requestId }) => requestId);
    expect(members).toEqual([requests.member]);
    expect(queue).toContain(`${requests.queued}#1`);
  });

  it('has lost every execution that ran', () => {
    expect(before).toEqual(each({ status: 'FAILED', error: 'States.ServiceRestart' }));
  });

  it('goes on with each of them after one sweep', () => {
    expect(afterOneSweep).toEqual(each({ status: 'RUNNING' }));
  });

  it('erases everybody and hands over what was offered, each in the attempt that the sweep has started', async () => {
    expect(outcomes).toEqual({ ...each('erased'), offered: 'delivered', gathering: 'delivered' });
    const ended = await ofEach((requestId, kind) => executionOf(requestId, 2, kind));
    expect(ended).toEqual(each({ status: 'SUCCEEDED' }));
  });

  it.each(STANDINGS)('records each event of the request that was %s once', async (name) => {
    const events = (await ledgerOf(`request/${requests[name]}`)).map(({ event }) => event);
    const itsOwn =
      kindOf(name) === 'access'
        ? ['gathered', 'packageExport', 'offerPackage', 'packageDownloaded', 'deletePackage']
        : ['sourcesLetGo', 'released'];
    const once = ['requestReceived', ...itsOwn, 'certify', 'requestClosed'];
    for (const event of [...once, 'restarted'])
      expect(events.filter((one) => one === event)).toEqual([event]);
  });

  it('ends the cycle that died, and lets another prove what it would have', async () => {
    const events = (await ledgerOf(`cycle/${deadCycle}`)).map(({ event }) => event);
    expect(events.at(-1)).toBe('cycleDied');
    const { refresh } = await certificateOf(requests.member);
    expect(refresh?.snapshotId).toBe(refresh?.cycleId);
    expect(refresh?.cycleId).not.toBe(deadCycle);
  });

  it('leaves nobody in a queue', async () => {
    for (const left of ['VERIFYING', 'QUEUE', 'EXPORTS'])
      expect(await rowsOf('Catalog', left)).toEqual([]);
  });
});
