import { activeSnapshot, findSnapshot } from '../adapters/catalog.ts';
import { holds } from '../adapters/cycles.ts';
import {
  exportUnqueued,
  findGathering,
  type Gathering,
  type GatheringMember,
  newGathering,
  queuedExports,
} from '../adapters/gatherings.ts';
import { type GatheredSubject, withMadeKeys } from '../adapters/lake/gather.ts';
import { type LakeContext, withLake } from '../adapters/lake/lake-context.ts';
import {
  readSubjects,
  type SubjectIdentity,
  writeSubjects,
} from '../adapters/lake/subjects-file.ts';
import { recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { findRequest, readSubject } from '../adapters/requests.ts';
import type { GatheringId } from '../domain/ids.ts';
import { isSharedPart, sharedPart, tablesOfSnapshot } from './lake-tables.ts';
import { tableNames } from './publishing.ts';
import { beginTurn } from './turns.ts';

/** The rest of the queue is for the next gathering. */
const MEMBERS = 10_000;

/**
 * Freezes whose rows are gathered, and from which snapshot. Asked again, it gives the same.
 * @throws Error when nothing was ever published: not read is never nothing held
 */
export async function closeGatheringDoor(
  gatheringId: GatheringId,
): Promise<{ outcome: 'closed' | 'nobody'; tables: string[] }> {
  const gathering = (await findGathering(gatheringId)) ?? (await freeze(gatheringId));
  if (!gathering) return { outcome: 'nobody', tables: [] };
  await writeGatheredSubjects(gathering);
  return { outcome: 'closed', tables: gathering.tables };
}

async function freeze(gatheringId: GatheringId): Promise<Gathering | undefined> {
  if (!(await beginTurn('GATHER', gatheringId)))
    throw new Error(`${gatheringId} has lost its turn, so it must not gather anything.`);
  const members = await admit(await nextInLine());
  if (members.length === 0) return undefined;
  const snapshot = await activeSnapshot();
  if (!snapshot) throw new Error('Nothing has been refreshed yet, so nothing can be exported.');
  const identityFree = new Set(
    Object.entries({ ...snapshot.models, ...snapshot.segments }).flatMap(([name, table]) =>
      table.identities.length === 0 ? [name] : [],
    ),
  );
  const gathering: Gathering = {
    gatheringId,
    doorClosedAt: new Date().toISOString(),
    members,
    snapshotId: snapshot.snapshotId,
    publishedAt: snapshot.publishedAt,
    tables: tableNames(snapshot).filter((name) => !identityFree.has(name.split(' ')[1] ?? '')),
    released: 0,
  };
  await recordChange([newGathering(gathering), holds('GATHER', gatheringId)], {
    chain: `gathering/${gatheringId}`,
    event: 'doorClosed',
    by: 'closeTheDoor',
    facts: {
      members: members.length,
      snapshot: snapshot.snapshotId,
      tables: gathering.tables.length,
    },
  });
  return findGathering(gatheringId);
}

async function nextInLine(): Promise<GatheringMember[]> {
  const members: GatheringMember[] = [];
  for await (const { sk } of queuedExports()) {
    const [requestId = '', round = ''] = sk.split('#');
    if (members.push({ requestId, round: Number(round) }) === MEMBERS) break;
  }
  return members;
}

/** Those that are still open; the others are taken out of the queue. */
async function admit(queue: GatheringMember[]): Promise<GatheringMember[]> {
  const admitted = await mapLimited(queue, 20, async (member): Promise<GatheringMember[]> => {
    const { requestId, round } = member;
    const request = await findRequest(requestId);
    if (request && request.status !== 'closed' && !request.closing) return [member];
    await recordChange([exportUnqueued(requestId, round)], {
      chain: `request/${requestId}`,
      event: 'leftTheQueue',
      by: 'closeTheDoor',
      facts: { round },
    });
    return [];
  });
  return admitted.flat();
}

/** The members' identities as the snapshot knows them, so that they stand in no SQL. */
async function writeGatheredSubjects({
  gatheringId,
  snapshotId,
  members,
}: Gathering): Promise<void> {
  const subjects = await mapLimited(members, 20, async ({ requestId }) => {
    const { unique = [], shared = [] } = (await readSubject(requestId))?.subject ?? {};
    return { requestId, identities: unique, shared };
  });
  const snapshot = await findSnapshot(snapshotId);
  const models = snapshot ? tablesOfSnapshot(snapshot).filter(({ kind }) => kind === 'model') : [];
  await withLake(async (lake) => {
    const keyed = await withMadeKeys(lake, models, subjects);
    await writeSubjects(lake, gatheringId, keyed.flatMap(asRows));
  });
}

const asRows = ({ requestId, identities, shared }: GatheredSubject): SubjectIdentity[] => [
  ...identities.map((identity) => ({ requestId, ...identity })),
  ...shared.map((identity) => ({ requestId: sharedPart(requestId), ...identity })),
];

/** As `closeGatheringDoor` wrote them. */
export async function readGatheredSubjects(
  lake: LakeContext,
  gatheringId: GatheringId,
): Promise<GatheredSubject[]> {
  const parts = await readSubjects(lake, gatheringId);
  const shared = new Map(parts.map(({ requestId, identities }) => [requestId, identities]));
  return parts
    .filter(({ requestId }) => !isSharedPart(requestId))
    .map((subject) => ({ ...subject, shared: shared.get(sharedPart(subject.requestId)) ?? [] }));
}
