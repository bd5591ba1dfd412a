import { configuration } from './configuration.ts';
import { rowsOf, type Write } from './dynamo.ts';

/** A request on legal hold, as the clean-up sees it. */
export interface HoldRow {
  pk: 'HOLD';
  /** The request's id. */
  sk: string;
  requestId: string;
  since: string;
  reasonCode: string;
  /** Copies that it keeps, `source crm c-1.1`; without them, everything inactive. */
  copies?: string[] | 'all';
}

const key = (requestId: string) => ({ pk: 'HOLD' as const, sk: requestId });

export const holdNoted = (hold: Omit<HoldRow, 'pk' | 'sk'>): Write => ({
  Put: {
    TableName: configuration().catalogTable,
    Item: { ...key(hold.requestId), ...hold } satisfies HoldRow,
  },
});

export const holdLifted = (requestId: string): Write => ({
  Delete: { TableName: configuration().catalogTable, Key: key(requestId) },
});

/** Every hold that stands. */
export const holds = (): AsyncGenerator<HoldRow> =>
  rowsOf<HoldRow>(configuration().catalogTable, 'HOLD');
