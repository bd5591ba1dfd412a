import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CycleId } from '../domain/ids.ts';
import type { Deleting } from '../domain/refresh.ts';
import type { Lock, LockName } from '../domain/turn.ts';
import type { BuiltRow, RefreshedRow } from './catalog.ts';
import { configuration } from './configuration.ts';
import { anyRow, assignments, dynamo, getRow, query, rowsOf, type Write } from './dynamo.ts';
import { packMembers, unpackMembers } from './member-list.ts';

const table = () => configuration().catalogTable;

/** Somebody's wish for a cycle: a request in its round, or a refresh of named sources for nobody. */
export interface QueueRow {
  pk: 'QUEUE';
  /** `<requestId>#<round>` or `refresh#<ULID>`. */
  sk: string;
  /** What must be refreshed. */
  sources: string[] | 'all';
}

export interface Member {
  requestId: string;
  round: number;
  sources: string[];
}

/** A cycle past its door. Members and plan are frozen. */
export interface CycleRow {
  cycleId: CycleId;
  phase: 'refreshing' | 'published' | 'ended';
  doorClosedAt: string;
  members: Member[];
  /** Queue entries that are answered by the refresh alone. */
  refreshes: string[];
  sources: string[];
  platformHash: string;
  publishedAt?: string;
  endedAt?: string;
  /** How many members have been released. */
  released: number;
  /** The clean-up is deleting what it built. */
  deleting?: Deleting;
  /** What it built is deleted: every version of it. */
  emptiedAt?: string;
}

export const queueRows = (): AsyncGenerator<QueueRow> => rowsOf<QueueRow>(table(), 'QUEUE');

export const anybodyQueued = (): Promise<boolean> => anyRow(table(), 'QUEUE');

export const queued = (sk: string, sources: QueueRow['sources']): Write => ({
  Put: { TableName: table(), Item: { pk: 'QUEUE', sk, sources } },
});

export const unqueued = (sk: string): Write => ({
  Delete: { TableName: table(), Key: { pk: 'QUEUE', sk } },
});

/** As it lies in the table: one row holds thousands of members. */
type StoredCycle = Omit<CycleRow, 'members'> & { members: Uint8Array };

export async function findCycle(cycleId: string): Promise<CycleRow | undefined> {
  const row = await getRow<StoredCycle>(table(), 'CYCLE', cycleId);
  return row && { ...row, members: unpackMembers(row.members) };
}

export type CycleEnd = Pick<
  CycleRow,
  'cycleId' | 'endedAt' | 'publishedAt' | 'deleting' | 'emptiedAt'
>;

/** When each cycle ended, of all that are remembered; their members can be thousands. */
export const cycleEnds = (): AsyncGenerator<CycleEnd> =>
  query({
    TableName: table(),
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ProjectionExpression: 'cycleId, endedAt, publishedAt, deleting, emptiedAt',
    ExpressionAttributeValues: { ':pk': 'CYCLE' },
  });

/** The cycles that have begun and not ended, in one row: the sweep looks for them each minute. */
const RUNNING = { pk: 'POINTER', sk: 'RUNNING' };

export async function runningCycles(): Promise<CycleId[]> {
  const row = await getRow<{ cycles?: Set<CycleId> }>(table(), RUNNING.pk, RUNNING.sk);
  return [...(row?.cycles ?? [])];
}

const runningChanged = (verb: 'ADD' | 'DELETE', cycleId: CycleId): Write => ({
  Update: {
    TableName: table(),
    Key: RUNNING,
    UpdateExpression: `${verb} cycles :cycle`,
    ExpressionAttributeValues: { ':cycle': new Set([cycleId]) },
  },
});

export async function getCycle(cycleId: CycleId): Promise<CycleRow> {
  const row = await findCycle(cycleId);
  if (!row) throw new Error(`The cycle ${cycleId} has not closed its door.`);
  return row;
}

export const newCycle = (cycle: CycleRow): Write[] => [
  {
    Put: {
      TableName: table(),
      Item: { pk: 'CYCLE', sk: cycle.cycleId, ...cycle, members: packMembers(cycle.members) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  },
  runningChanged('ADD', cycle.cycleId),
];

/** Well, or by death: once only. */
export const endedCycle = (cycleId: CycleId, changes: CycleChanges): Write[] => [
  changedCycle(cycleId, changes, 'attribute_exists(pk) AND attribute_not_exists(endedAt)'),
  runningChanged('DELETE', cycleId),
];

/** Members are frozen. */
type CycleChanges = Partial<Omit<CycleRow, 'cycleId' | 'members'>>;

export const changedCycle = (
  cycleId: CycleId,
  changes: CycleChanges,
  condition = 'attribute_exists(pk)',
): Write => ({
  Update: {
    TableName: table(),
    Key: { pk: 'CYCLE', sk: cycleId },
    ConditionExpression: condition,
    ...assignments(changes),
  },
});

export const lockRow = (line: LockName): Promise<Lock | undefined> =>
  getRow<Lock>(table(), 'LOCK', line);

/** Fences a write: it is refused when the line has gone on without its writer. */
export const holds = (line: LockName, holder: string): Write => ({
  ConditionCheck: {
    TableName: table(),
    Key: { pk: 'LOCK', sk: line },
    ConditionExpression: 'holder = :holder',
    ExpressionAttributeValues: { ':holder': holder },
  },
});

/** What a cycle found out step by step: refreshed sources, built tables, scanned tables. */
type Finding = 'SOURCE' | 'TABLE' | 'PROOF' | 'RESIDUE' | 'RESURRECTED';

const findingPut = (cycleId: CycleId, kind: Finding, name: string, row: object) => ({
  TableName: table(),
  Item: { pk: `CYCLE#${cycleId}`, sk: `${kind}#${name}`, name, ...row },
});

export async function putFinding(...found: Parameters<typeof findingPut>): Promise<void> {
  await dynamo.send(new PutCommand(findingPut(...found)));
}

/** The same, together with what else changes. */
export const newFinding = (...found: Parameters<typeof findingPut>): Write => ({
  Put: findingPut(...found),
});

export const finding = <T extends object>(cycleId: CycleId, kind: Finding, name: string) =>
  getRow<T>(table(), `CYCLE#${cycleId}`, `${kind}#${name}`);

export const findings = <T extends object>(cycleId: CycleId, kind: Finding): AsyncGenerator<T> =>
  rowsOf<T>(table(), `CYCLE#${cycleId}`, `${kind}#`);

export const refreshedSources = (cycleId: CycleId) => findings<RefreshedRow>(cycleId, 'SOURCE');
export const builtTables = (cycleId: CycleId) => findings<BuiltRow>(cycleId, 'TABLE');

/** Changes a lock under the condition that nobody has changed it since `seen` was read. */
export async function changeLock(
  line: LockName,
  seen: Lock | undefined,
  next: Lock,
): Promise<boolean> {
  try {
    await dynamo.send(
      new PutCommand({
        TableName: table(),
        Item: { pk: 'LOCK', sk: line, ...next, version: (seen?.version ?? 0) + 1 },
        ...(seen
          ? {
              ConditionExpression: 'version = :seen',
              ExpressionAttributeValues: { ':seen': seen.version },
            }
          : { ConditionExpression: 'attribute_not_exists(pk)' }),
      }),
    );
    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

export async function advanceReleased(cycleId: CycleId, released: number): Promise<void> {
  await dynamo.send(
    new UpdateCommand({
      TableName: table(),
      Key: { pk: 'CYCLE', sk: cycleId },
      UpdateExpression: 'SET released = :released',
      ExpressionAttributeValues: { ':released': released },
    }),
  );
}
