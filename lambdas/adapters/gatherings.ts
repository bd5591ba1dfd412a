import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { GatheringId, SnapshotId } from '../domain/ids.ts';
import { configuration } from './configuration.ts';
import { anyRow, dynamo, getRow, rowsOf, type Write } from './dynamo.ts';
import { packMembers, unpackMembers } from './member-list.ts';

const table = () => configuration().catalogTable;

/** An export that wants its rows gathered: `<requestId>#<round>`. */
export interface QueuedExport {
  sk: string;
}

export interface GatheringMember {
  requestId: string;
  round: number;
}

/** A gathering past its door: members, snapshot and tables are frozen. */
export interface Gathering {
  gatheringId: GatheringId;
  doorClosedAt: string;
  members: GatheringMember[];
  snapshotId: SnapshotId;
  publishedAt: string;
  /** `source crm`, `model customers`. */
  tables: string[];
  /** How many members have been answered. */
  released: number;
  /** Well, or by death. What it gathered stays until its members have their packages. */
  endedAt?: string;
}

const QUEUE = 'EXPORTS';
const GATHERINGS = 'GATHERING';
const dependents = (gatheringId: string) => `GATHERED#${gatheringId}`;

export const queuedExports = (): AsyncGenerator<QueuedExport> =>
  rowsOf<QueuedExport>(table(), QUEUE);

export const anyExportQueued = (): Promise<boolean> => anyRow(table(), QUEUE);

export const exportQueued = (requestId: string, round: number): Write => ({
  Put: { TableName: table(), Item: { pk: QUEUE, sk: `${requestId}#${round}` } },
});

export const exportUnqueued = (requestId: string, round: number): Write => ({
  Delete: { TableName: table(), Key: { pk: QUEUE, sk: `${requestId}#${round}` } },
});

type StoredGathering = Omit<Gathering, 'members'> & { members: Uint8Array };

const unpacked = (row: StoredGathering): Gathering => ({
  ...row,
  members: unpackMembers(row.members).map(({ requestId, round }) => ({ requestId, round })),
});

export async function findGathering(gatheringId: string): Promise<Gathering | undefined> {
  const row = await getRow<StoredGathering>(table(), GATHERINGS, gatheringId);
  return row && unpacked(row);
}

/** @throws Error when its rows are gone, or its door has not closed */
export async function getGathering(gatheringId: string): Promise<Gathering> {
  const row = await findGathering(gatheringId);
  if (!row) throw new Error(`There is no gathering ${gatheringId}, or no longer.`);
  return row;
}

/** All whose rows still lie in the lake; they are few. */
export async function* gatherings(): AsyncGenerator<Gathering> {
  for await (const row of rowsOf<StoredGathering>(table(), GATHERINGS)) yield unpacked(row);
}

export const newGathering = (gathering: Gathering): Write => ({
  Put: {
    TableName: table(),
    Item: {
      pk: GATHERINGS,
      sk: gathering.gatheringId,
      ...gathering,
      members: packMembers(gathering.members.map((member) => ({ ...member, sources: [] }))),
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export const gatheringForgotten = (gatheringId: string): Write => ({
  Delete: { TableName: table(), Key: { pk: GATHERINGS, sk: gatheringId } },
});

/** Progress: safe to repeat. */
export async function changeGathering(
  gatheringId: string,
  change: { released: number } | { endedAt: string },
): Promise<void> {
  const [[name, value] = ['', '']] = Object.entries(change);
  try {
    await dynamo.send(
      new UpdateCommand({
        TableName: table(),
        Key: { pk: GATHERINGS, sk: gatheringId },
        UpdateExpression: 'SET #name = :value',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  } catch (error) {
    // Forgotten meanwhile: nobody's rows lie there any more.
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
  }
}

/** Refuses a write of a gathering that is over: what it gathered may be gone. */
export const stillGathering = (gatheringId: string): Write => ({
  ConditionCheck: {
    TableName: table(),
    Key: { pk: GATHERINGS, sk: gatheringId },
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(endedAt)',
  },
});

/** While this row stands, the request still needs what was gathered. */
export const stillNeeded = (gatheringId: string, requestId: string): Write => ({
  Put: { TableName: table(), Item: { pk: dependents(gatheringId), sk: requestId } },
});

export const neededNoLonger = (gatheringId: string, requestId: string): Write => ({
  Delete: { TableName: table(), Key: { pk: dependents(gatheringId), sk: requestId } },
});

export const isStillNeeded = (gatheringId: string): Promise<boolean> =>
  anyRow(table(), dependents(gatheringId));
