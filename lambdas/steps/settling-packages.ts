import { platformDefinition } from '../adapters/configuration.ts';
import { all } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import {
  changedRequest,
  getRequest,
  getSubject,
  type RequestRow,
  readSubject,
  requestsListed,
} from '../adapters/requests.ts';
import { type Done, once, resultsOf, unlessInterrupted } from '../adapters/results.ts';
import { findWait, newWait, waitKey } from '../adapters/waits.ts';
import { MAY_BE_HELD, stopOf } from '../domain/hold.ts';
import type { RequestId } from '../domain/ids.ts';
import { withinDeadline } from '../domain/local-day.ts';
import { isSamePerson, mayHavePackage, SUBJECT_ERASED } from '../domain/open-packages.ts';
import { secondsAfter } from '../domain/wait.ts';
import { TOLD_WITHIN_SECONDS } from './asking.ts';
import { answerIfClosing, endWaits } from './ending-waits.ts';
import { AWAY, DECISION, notEnded, type PackagesFound, passOnEnd } from './package-ends.ts';
import { deletePackages } from './packaging.ts';
import { tellAsked } from './telling.ts';

/** Past this, a package has expired by itself. */
const LONGEST_SECONDS = 604_800;

type Settled =
  | { outcome: 'waiting'; wait: string }
  | { outcome: 'settled' | 'closing' | 'held' | 'nextRound' };

/**
 * Deletes the packages of exports of the same person, unless the tenant admin says within a short
 * time that they are to be downloaded first. Asked again after each answer, until none is left.
 */
export async function settlePackages(requestId: RequestId, round: number): Promise<Settled> {
  const request = await getRequest(requestId);
  const ended = stopOf(request, round);
  if (ended) return ended;
  const { exports } = await once(requestId, 'settlePackages', round, () => look(request));
  if (exports.length === 0) return { outcome: 'settled' };
  await answerIfClosing(requestId, DECISION, round);
  await tellAsked(requestId, DECISION, round);
  const decided = (await findWait(requestId, DECISION, round))?.answer;
  if (!decided) return { outcome: 'waiting', wait: waitKey(requestId, DECISION, round).sk };
  if (decided.option === 'waitForDownload' && (await notEnded(exports)).length > 0) {
    const wait = await waitForDownload(request);
    await answerIfClosing(requestId, AWAY, round);
    // The last of them may have ended before there was a wait to answer.
    await passOnEnd(requestId);
    if (!(await findWait(requestId, AWAY, round))?.answer) return { outcome: 'waiting', wait };
  }
  if (!LETS_PURGE.includes(decided.option)) return endedMeanwhile(requestId, round);
  return purge(request, exports);
}

/** Whoever closes or holds the erasure answers its waits too, and that is no word about packages. */
const LETS_PURGE = ['purge', 'waitForDownload', 'expired', 'gone'];

/** @throws Error when it goes on: then nobody has said what is to become of the packages */
async function endedMeanwhile(requestId: RequestId, round: number): Promise<Settled> {
  const ended = stopOf(await getRequest(requestId), round);
  if (ended) return ended;
  throw new Error(`${requestId} is neither closing nor held, and its question was answered so.`);
}

/** Finds the exports of the same person, and asks what is to become of their packages. */
async function look(request: RequestRow): Promise<Done<PackagesFound>> {
  const { requestId, round, dueOn } = request;
  const { waits, timeZone } = platformDefinition().platform;
  const exports = await exportsOfSamePerson(requestId);
  const now = new Date();
  const uninterrupted = unlessInterrupted(round);
  const role = 'tenantAdmin' as const;
  const question = {
    ...({ owner: requestId, name: DECISION, round, kind: DECISION, role, on: role } as const),
    reasonCode: 'openPackages' as const,
    options: ['purge', 'waitForDownload'],
    details: ['Packages of the same person, by the request that exports them:', ...exports],
    asked: true,
    expires: true,
    remindAt: secondsAfter(now, TOLD_WITHIN_SECONDS),
    deadline: withinDeadline(now, waits.openPackagesSeconds, { dueOn, timeZone }),
  };
  return {
    result: { outcome: 'looked', exports },
    facts: { exports },
    condition: `attribute_not_exists(closing) AND ${uninterrupted.condition}`,
    values: uninterrupted.values,
    ...(exports.length > 0 && {
      changes: { status: 'waiting' as const },
      writes: [
        newWait(question, now),
        // One that ends from here on tells of it; one that has ended is looked for no more.
        ...exports.map((id) =>
          changedRequest(id, { erasedBy: requestId }, 'attribute_not_exists(outcome)'),
        ),
      ],
    }),
  };
}

async function exportsOfSamePerson(requestId: RequestId): Promise<RequestId[]> {
  const { identityTypes } = platformDefinition().platform;
  const subject = await getSubject(requestId);
  const open = (await all(requestsListed('open'))).filter(mayHavePackage);
  const found: RequestId[] = [];
  await mapLimited(open, 10, async (one) => {
    const other = await readSubject(one.requestId);
    const isUnique = (type: string) => identityTypes[type]?.points === 'unique';
    if (other && isSamePerson(subject, other, isUnique)) found.push(one.requestId);
  });
  return found.sort();
}

async function waitForDownload({ requestId, round, dueOn }: RequestRow): Promise<string> {
  const { timeZone, waits } = platformDefinition().platform;
  const { wait } = await once(requestId, 'waitForDownload', round, async () => {
    const now = new Date();
    const within = (seconds: number) => withinDeadline(now, seconds, { dueOn, timeZone });
    const deadline = within(LONGEST_SECONDS);
    const remindAt = within(Math.min(waits.remindSeconds, LONGEST_SECONDS));
    return {
      result: { wait: waitKey(requestId, AWAY, round).sk },
      facts: { until: deadline },
      writes: [
        newWait(
          {
            ...({ owner: requestId, name: AWAY, round, kind: AWAY, on: 'deadline' } as const),
            ...{ reasonCode: 'awaitingDownload', options: [], expires: true },
            ...{ deadline, remindAt },
          },
          now,
        ),
      ],
    };
  });
  return wait;
}

/** Goes no further when the erasure is closed or held before the next package. */
async function purge({ requestId, round }: RequestRow, exports: RequestId[]): Promise<Settled> {
  let packages = 0;
  for (const id of exports) {
    const ended = stopOf(await getRequest(requestId), round);
    if (ended) return ended;
    if (await purgeOne(id, requestId)) packages += 1;
  }
  await once(requestId, 'purgePackages', round, async () => ({
    result: { packages },
    facts: { packages },
    changes: { status: 'open' },
  }));
  return { outcome: 'settled' };
}

/**
 * Ends an export and deletes its package, every version of it. What it writes after that, its own
 * flow deletes, which finds that it is closing.
 * @returns whether it had a package that nobody had deleted
 */
async function purgeOne(id: RequestId, erasure: RequestId): Promise<boolean> {
  const at = new Date().toISOString();
  const closing = { option: 'cancelled' as const, by: erasure, reasonCode: SUBJECT_ERASED, at };
  await recordChange([changedRequest(id, { closing }, MAY_BE_HELD)], {
    chain: `request/${id}`,
    event: 'closingDecided',
    by: erasure,
    facts: { option: closing.option, reason: SUBJECT_ERASED },
  });
  const ended = (await getRequest(id)).closing;
  // Somebody else closed it, or it had ended by itself: then its own flow deletes, or has deleted.
  if (ended?.by !== erasure) return false;
  await deletePackages(id);
  await endWaits(id, ended);
  const results = await all(resultsOf(id));
  return results.some(
    ({ step, result }) => step === 'packageExport' && result.outcome === 'packaged',
  );
}
