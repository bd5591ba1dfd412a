import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Platform } from '../domain/platform.ts';
import { askAt, type SourceState } from '../domain/verification.ts';
import { configuration } from './configuration.ts';
import { dynamo, rowsOf, type Write } from './dynamo.ts';

const table = () => configuration().catalogTable;

/** One subject that waits until its sources have let go; every pass reads these. */
export interface VerifyingRow {
  pk: 'VERIFYING';
  /** `<requestId>#<round>` */
  sk: string;
  requestId: string;
  round: number;
  since: string;
  sources: Record<string, SourceState>;
}

const key = (requestId: string, round: number) => ({
  pk: 'VERIFYING',
  sk: `${requestId}#${round}`,
});

export const newVerifying = (row: Omit<VerifyingRow, 'pk' | 'sk'>): Write => ({
  Put: {
    TableName: table(),
    Item: { ...key(row.requestId, row.round), ...row },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export const verifyingRows = (requestId = ''): AsyncGenerator<VerifyingRow> =>
  rowsOf<VerifyingRow>(table(), 'VERIFYING', requestId);

export const noLongerVerifying = (requestId: string, round: number): Write => ({
  Delete: { TableName: table(), Key: key(requestId, round) },
});

/** One source's state, beside those that other functions of the same pass write. */
export const setSourceState = (
  requestId: string,
  round: number,
  source: string,
  state: SourceState,
): Promise<void> =>
  changeSource(requestId, round, source, {
    UpdateExpression: 'SET sources.#source = :value',
    ExpressionAttributeValues: { ':value': state },
  });

/** The same together with what else changes; refused when another pass has asked it meanwhile. */
export const sourceAnswered = (
  { requestId, round, sources }: Pick<VerifyingRow, 'requestId' | 'round' | 'sources'>,
  source: string,
  state: SourceState,
): Write => ({
  Update: {
    TableName: table(),
    Key: key(requestId, round),
    ConditionExpression: 'sources.#source.asks = :before',
    UpdateExpression: 'SET sources.#source = :state',
    ExpressionAttributeNames: { '#source': source },
    ExpressionAttributeValues: { ':before': sources[source]?.asks ?? 0, ':state': state },
  },
});

/** When its owner was told, and nothing else: a pass may be writing what the source answered. */
export const setOwnerTold = (
  requestId: string,
  round: number,
  source: string,
  at: string,
): Promise<void> =>
  changeSource(requestId, round, source, {
    UpdateExpression: 'SET sources.#source.ownerToldAt = :value',
    ExpressionAttributeValues: { ':value': at },
  });

/** Its owner is to be told again. */
export const unsetOwnerTold = (requestId: string, round: number, source: string): Promise<void> =>
  changeSource(requestId, round, source, {
    UpdateExpression: 'REMOVE sources.#source.ownerToldAt',
  });

async function changeSource(
  requestId: string,
  round: number,
  source: string,
  change: Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'>,
): Promise<void> {
  try {
    await dynamo.send(
      new UpdateCommand({
        TableName: table(),
        Key: key(requestId, round),
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeNames: { '#source': source },
        ...change,
      }),
    );
  } catch (error) {
    // The request was answered or closed meanwhile: nobody waits for this any more.
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
  }
}

/** When the next subject is due to be asked about; `undefined`: nobody waits. */
export async function earliestAsk(
  verification: Platform['verification'],
  now: Date,
): Promise<string | undefined> {
  let first: string | undefined;
  for await (const { sources } of verifyingRows()) {
    for (const state of Object.values(sources)) {
      const at = askAt(state, verification, now);
      if (first === undefined || at < first) first = at;
    }
  }
  return first;
}
