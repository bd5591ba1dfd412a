import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Copy, HeldCopies, KeptCopy } from '../domain/clean-up.ts';
import type { AlsoDone, CleanUpRun } from '../domain/clean-up-report.ts';
import type { RunId } from '../domain/ids.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo, getRow, rowsOf, transact, type Write } from './dynamo.ts';
import { holds } from './holds.ts';

const table = () => configuration().catalogTable;

/** What became of one copy in one run. */
export interface CleanedRow extends Copy {
  runId: string;
  /** Versions and delete markers that were deleted, and the bytes of the versions. */
  versions: number;
  deletedBytes: number;
  beganAt: string;
  /** Found empty, every version, and forgotten by the catalog. */
  goneAt?: string;
  /** A hold came after it was listed. */
  heldBy?: string;
}

const runKey = (runId: string) => ({ pk: 'CLEANUP', sk: runId });
const rowsKey = (runId: string) => `CLEANUP#${runId}`;

export const findRun = (runId: string) => getRow<CleanUpRun & AlsoDone>(table(), 'CLEANUP', runId);
export const runs = (): AsyncGenerator<CleanUpRun & AlsoDone> =>
  rowsOf<CleanUpRun & AlsoDone>(table(), 'CLEANUP');

/** Adds to what a run has also done. */
export async function countAlsoDone(runId: string, counts: AlsoDone): Promise<void> {
  if (Object.values(counts).some((count) => count > 0))
    await dynamo.send(new UpdateCommand(alsoDone(runId, counts).Update));
}

/** The same with what else a transaction writes, so that a crash between the two loses no count. */
export function alsoDone(runId: string, counts: AlsoDone): Required<Pick<Write, 'Update'>> {
  const added = Object.entries(counts);
  return {
    Update: {
      TableName: table(),
      Key: runKey(runId),
      UpdateExpression: `ADD ${added.map(([name]) => `${name} :${name}`).join(', ')}`,
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: Object.fromEntries(added.map(([name, n]) => [`:${name}`, n])),
    },
  };
}

export const newRun = (row: CleanUpRun): Write => ({
  Put: {
    TableName: table(),
    Item: { ...runKey(row.runId), ...row },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** Refused when the run is over. */
export const changedRun = (runId: RunId, changes: Partial<CleanUpRun>): Write => ({
  Update: {
    TableName: table(),
    Key: runKey(runId),
    ...named(assignments(changes, { ':running': 'running' }), { '#status': 'status' }),
    ConditionExpression: '#status = :running',
  },
});

const named = (assigned: ReturnType<typeof assignments>, names: Record<string, string>) => ({
  ...assigned,
  ExpressionAttributeNames: { ...assigned.ExpressionAttributeNames, ...names },
});

/** What was due and stayed, with its reason. */
export const keptRows = (runId: string): AsyncGenerator<KeptCopy> =>
  rowsOf<KeptCopy>(table(), rowsKey(runId), 'KEPT#');
export const cleanedRows = (runId: string): AsyncGenerator<CleanedRow> =>
  rowsOf<CleanedRow>(table(), rowsKey(runId), 'COPY#');

export const putKept = (runId: string, kept: KeptCopy): Write => ({
  Put: {
    TableName: table(),
    Item: { pk: rowsKey(runId), sk: `KEPT#${kept.copy}`, ...kept },
  },
});

/** Where a copy with a foreign name lies: the flow carries only its hash. */
export const putPlace = (runId: string, { copy, prefix }: Copy): Write => ({
  Put: { TableName: table(), Item: { pk: rowsKey(runId), sk: `PLACE#${copy}`, prefix } },
});
export const placeOf = async (runId: string, copy: string): Promise<string | undefined> =>
  (await getRow<{ prefix: string }>(table(), rowsKey(runId), `PLACE#${copy}`))?.prefix;

const cleanedKey = (runId: string, copy: string) => ({ pk: rowsKey(runId), sk: `COPY#${copy}` });

export const findCleaned = (runId: string, copy: string) =>
  getRow<CleanedRow>(table(), rowsKey(runId), `COPY#${copy}`);

export const begunCleaning = (row: CleanedRow): Write => ({
  Put: {
    TableName: table(),
    Item: { ...cleanedKey(row.runId, row.copy), ...row },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export const endedCleaning = (
  runId: string,
  copy: string,
  changes: Pick<CleanedRow, 'goneAt' | 'heldBy'>,
): Write => ({
  Update: {
    TableName: table(),
    Key: cleanedKey(runId, copy),
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(goneAt)',
    ...assignments(changes),
  },
});

/** Written after every call of S3: whatever dies, the count is at most that many short. */
export async function countDeleted(
  runId: string,
  copy: string,
  { versions, bytes }: { versions: number; bytes: number },
): Promise<void> {
  await dynamo.send(
    new UpdateCommand({
      TableName: table(),
      Key: cleanedKey(runId, copy),
      UpdateExpression: 'ADD versions :versions, deletedBytes :bytes',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':versions': versions, ':bytes': bytes },
    }),
  );
}

const LOCK = { pk: 'LOCK', sk: 'CLEANUP' };

/** Whose turn it is: one run at a time. */
export const cleaningRun = async (): Promise<string | undefined> =>
  (await getRow<{ holder?: string }>(table(), LOCK.pk, LOCK.sk))?.holder;

/** @param seen the holder that was looked at, and found dead; `undefined`: nobody */
export async function takeCleaningTurn(runId: RunId, seen: string | undefined): Promise<boolean> {
  const written = await transact([
    {
      Update: {
        TableName: table(),
        Key: LOCK,
        UpdateExpression: 'SET holder = :me',
        ConditionExpression: seen
          ? 'holder = :seen OR holder = :me'
          : 'attribute_not_exists(holder) OR holder = :me',
        ExpressionAttributeValues: { ':me': runId, ...(seen && { ':seen': seen }) },
      },
    },
  ]);
  return written.outcome === 'written';
}

export const endedCleaningTurn = (runId: RunId): Write => ({
  Update: {
    TableName: table(),
    Key: LOCK,
    UpdateExpression: 'REMOVE holder',
    ConditionExpression: 'holder = :me',
    ExpressionAttributeValues: { ':me': runId },
  },
});

/** What legal holds keep; a hold that names no copies keeps everything. */
export async function* heldCopies(): AsyncGenerator<HeldCopies> {
  for await (const { requestId, since, copies = 'all' } of holds())
    yield { requestId, since, copies };
}
