import { activeSnapshot } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import {
  type CycleRow,
  findCycle,
  holds,
  lockRow,
  type Member,
  newCycle,
  type QueueRow,
  queueRows,
  unqueued,
} from '../adapters/cycles.ts';
import { withLake } from '../adapters/lake/lake-context.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import { type SubjectIdentity, writeSubjects } from '../adapters/lake/subjects-file.ts';
import type { LedgerEntry } from '../adapters/ledger.ts';
import { recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { fittingMembers } from '../adapters/member-list.ts';
import { findRequest, readSubject } from '../adapters/requests.ts';
import { type CyclePlan, isAdmitted, planCycle, sourcesToRefresh } from '../domain/cycle-plan.ts';
import type { CycleId } from '../domain/ids.ts';
import { sharedPart } from './lake-tables.ts';
import { recogniseMembers } from './suppressing.ts';
import { beginTurn } from './turns.ts';

/** Members and refreshes of one cycle; the rest of the queue is for the next one. */
const QUEUED_A_CYCLE = 10_000;
/** Both lie in one row, and a row of DynamoDB takes 400 KB. */
const BYTES_OF_MEMBERS = 300_000;
const REFRESHES_A_CYCLE = 1000;

const NOTHING: CyclePlan = {
  sources: [],
  levels: [],
  dynamicSegments: [],
  staticSegments: [],
  carriesErasure: false,
};

/** Freezes a cycle's members and its plan. Asked again, it gives the same members. */
export async function closeDoor(
  cycleId: CycleId,
): Promise<{ outcome: 'closed' | 'nothingQueued' } & CyclePlan> {
  const cycle = (await findCycle(cycleId)) ?? (await freeze(cycleId));
  if (!cycle) return { outcome: 'nothingQueued', ...NOTHING };
  // Of those who are frozen, whoever froze them: a member that is not in the file is found nowhere.
  await writeMembers(cycleId, cycle.members);
  await eraseIfOver(cycleId);
  const { platform } = platformDefinition();
  return {
    outcome: 'closed',
    ...planCycle(platform, cycle.sources, cycle.members.length > 0),
  };
}

async function freeze(cycleId: CycleId): Promise<CycleRow | undefined> {
  if (!(await beginTurn('CYCLE', cycleId))) {
    throw new Error(`${cycleId} has lost its turn, so it must not refresh anything.`);
  }
  const entries = await nextInLine();
  const isRefresh = ({ sk }: QueueRow) => sk.startsWith('refresh#');
  const refreshes = entries.filter(isRefresh).slice(0, REFRESHES_A_CYCLE);
  const members = fittingMembers(
    await admit(entries.filter((entry) => !isRefresh(entry))),
    BYTES_OF_MEMBERS,
  );
  if (members.length + refreshes.length === 0) return undefined;
  const { platform, hash } = platformDefinition();
  const ingested = new Set(Object.keys((await activeSnapshot())?.partitions ?? {}));
  const wanted = [...members, ...refreshes].map(({ sources }) => sources);
  const cycle: CycleRow = {
    cycleId,
    phase: 'refreshing',
    doorClosedAt: new Date().toISOString(),
    members,
    refreshes: refreshes.map(({ sk }) => sk),
    sources: sourcesToRefresh(platform, wanted, ingested),
    platformHash: hash,
    released: 0,
  };
  await recordChange([...newCycle(cycle), holds('CYCLE', cycleId)], doorEntry(cycle));
  return findCycle(cycleId);
}

async function nextInLine(): Promise<QueueRow[]> {
  const entries: QueueRow[] = [];
  for await (const row of queueRows()) if (entries.push(row) === QUEUED_A_CYCLE) break;
  return entries;
}

const doorEntry = ({ cycleId, members, sources, platformHash }: CycleRow): LedgerEntry => ({
  chain: `cycle/${cycleId}`,
  event: 'doorClosed',
  by: 'closeTheDoor',
  facts: { members: members.length, sources, platformHash },
});

/** Those that are still open; the others are taken out of the queue. */
async function admit(entries: QueueRow[]): Promise<Member[]> {
  const admitted = await mapLimited(entries, 20, async ({ sk, sources }): Promise<Member[]> => {
    const [requestId = '', round = ''] = sk.split('#');
    const request = await findRequest(requestId);
    if (sources !== 'all' && isAdmitted(request)) {
      return [{ requestId, round: Number(round), sources }];
    }
    await recordChange([unqueued(sk)], {
      chain: `request/${requestId}`,
      event: 'leftTheQueue',
      by: 'closeTheDoor',
      facts: { round: Number(round) },
    });
    return [];
  });
  return admitted.flat();
}

/** Who ended a cycle erased its work, perhaps before it was written; nobody will do so again. */
async function eraseIfOver(cycleId: CycleId): Promise<void> {
  const [lock, cycle] = await Promise.all([lockRow('CYCLE'), findCycle(cycleId)]);
  if (lock?.holder === cycleId && !cycle?.endedAt) return;
  await lakeStorage().erase(`work/${cycleId}/`);
  throw new Error(`${cycleId} lost its turn while its door closed.`);
}

/**
 * The members' identities, as the table that every proof of this cycle is joined with; and what
 * recognises them where the cycle ingests a source that keeps them.
 */
async function writeMembers(cycleId: CycleId, members: Member[]): Promise<void> {
  const recognised: Parameters<typeof recogniseMembers>[0] = [];
  const identities = await mapLimited(members, 20, async ({ requestId }) => {
    const sealed = await readSubject(requestId);
    const { unique, shared } = sealed?.subject ?? { unique: [], shared: [] };
    recognised.push({ requestId, identities: unique });
    return [
      ...unique.map((identity): SubjectIdentity => ({ requestId, ...identity })),
      ...shared.map(
        (identity): SubjectIdentity => ({
          requestId: sharedPart(requestId),
          ...identity,
        }),
      ),
    ];
  });
  await withLake((lake) => writeSubjects(lake, cycleId, identities.flat()));
  await recogniseMembers(recognised, new Date());
}
