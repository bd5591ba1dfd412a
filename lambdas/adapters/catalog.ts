import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { CycleId, SnapshotId } from '../domain/ids.ts';
import type { BuiltTable, Partition, Snapshot, SourceStatus } from '../domain/refresh.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo, getRow, rowsOf, type Write } from './dynamo.ts';

const table = () => configuration().catalogTable;

/** The latest status of a source, for people; the cycle's own row says what happened in which. */
export interface SourceRow {
  source: string;
  status: SourceStatus;
  cause?: string;
  cycleId: CycleId;
  partitionId?: string;
  rows?: number;
  bytes?: number;
  seconds?: number;
  /** Rows of erased people: left out, or cleared; and how many of those people came back. */
  leftOut?: number | undefined;
  cleared?: number | undefined;
  resurrected?: number | undefined;
  at: string;
  /** Somebody accepted the loss of most rows: waives the check for the next extraction. */
  acceptLoss?: { by: string; at: string };
}

export const sourceRow = (source: string): Promise<SourceRow | undefined> =>
  getRow<SourceRow>(table(), 'SOURCE', source);
export const sourceRows = (): AsyncGenerator<SourceRow> => rowsOf<SourceRow>(table(), 'SOURCE');

/** Replaces the status and leaves an accepted loss alone. */
export const sourceStatusWritten = ({ source, ...row }: Omit<SourceRow, 'acceptLoss'>) => ({
  TableName: table(),
  Key: { pk: 'SOURCE', sk: source },
  ...assignments({
    cause: undefined,
    partitionId: undefined,
    rows: undefined,
    bytes: undefined,
    seconds: undefined,
    leftOut: undefined,
    cleared: undefined,
    resurrected: undefined,
    source,
    ...row,
  }),
});

export async function setSourceStatus(row: Omit<SourceRow, 'acceptLoss'>): Promise<void> {
  await dynamo.send(new UpdateCommand(sourceStatusWritten(row)));
}

/** Waives the check of losses for the next extraction; an extraction that succeeds uses it up. */
export const lossAccepted = (source: string, by: string, at: string): Write => ({
  Update: {
    TableName: table(),
    Key: { pk: 'SOURCE', sk: source },
    UpdateExpression: 'SET acceptLoss = :accepted',
    ExpressionAttributeValues: { ':accepted': { by, at } },
  },
});

export const acceptedLossUsedUp = (source: string): Write => ({
  Update: {
    TableName: table(),
    Key: { pk: 'SOURCE', sk: source },
    UpdateExpression: 'REMOVE acceptLoss',
  },
});

export async function putPartition(partition: Partition): Promise<void> {
  await dynamo.send(
    new PutCommand({
      TableName: table(),
      Item: { pk: 'PARTITION', sk: `${partition.source}#${partition.partitionId}`, ...partition },
    }),
  );
}
export const findPartition = (source: string, partitionId: string) =>
  getRow<Partition>(table(), 'PARTITION', `${source}#${partitionId}`);
export const partitions = (source?: string): AsyncGenerator<Partition> =>
  rowsOf<Partition>(table(), 'PARTITION', source && `${source}#`);

export const findSnapshot = (snapshotId: string) =>
  getRow<Snapshot>(table(), 'SNAPSHOT', snapshotId);
export const snapshots = (): AsyncGenerator<Snapshot> => rowsOf<Snapshot>(table(), 'SNAPSHOT');

/** Which snapshot the one pointer names by which readers find the data. */
export const activePointer = async (): Promise<string | undefined> =>
  (await getRow<{ snapshotId: string }>(table(), 'POINTER', 'ACTIVE'))?.snapshotId;

/** Absent before the first publication. */
export async function activeSnapshot(): Promise<Snapshot | undefined> {
  const snapshotId = await activePointer();
  if (!snapshotId) return undefined;
  const snapshot = await findSnapshot(snapshotId);
  if (!snapshot) throw new Error(`The active pointer names ${snapshotId}, which is not there.`);
  return snapshot;
}

/** Moves the pointer: the new snapshot, the old one's end and the pointer, or nothing. */
export function publication(snapshot: Snapshot, previous: SnapshotId | undefined): Write[] {
  const pointer: Write = {
    Put: {
      TableName: table(),
      Item: { pk: 'POINTER', sk: 'ACTIVE', snapshotId: snapshot.snapshotId },
      ...(previous
        ? {
            ConditionExpression: 'snapshotId = :previous',
            ExpressionAttributeValues: { ':previous': previous },
          }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
  const published: Write = {
    Put: {
      TableName: table(),
      Item: { pk: 'SNAPSHOT', sk: snapshot.snapshotId, ...snapshot },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  if (!previous) return [pointer, published];
  const superseded: Write = {
    Update: {
      TableName: table(),
      Key: { pk: 'SNAPSHOT', sk: previous },
      UpdateExpression: 'SET supersededAt = :at',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':at': snapshot.publishedAt },
    },
  };
  return [pointer, published, superseded];
}

/** What a cycle built, table by table, before it is published. */
export interface BuiltRow {
  kind: 'model' | 'segment';
  name: string;
  outcome: 'building' | 'built' | 'failed';
  cause?: string;
  table?: BuiltTable;
  /** Columns declared since a frozen segment was made, which it has not. */
  lacks?: string[];
  /** What is being written, or was when the cycle died or the SQL failed: nobody's to read. */
  unfinished?: Pick<BuiltTable, 'prefix' | 'identities'>;
}

/** What one refresh of one source came to, within a cycle. */
export interface RefreshedRow {
  source: string;
  outcome: SourceStatus;
  /** When it came to that. */
  at?: string;
  attempt: number;
  partitionId?: string;
  cause?: string;
}
