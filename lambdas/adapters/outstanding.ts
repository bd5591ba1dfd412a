import type { ResidueCopies } from '../domain/completion.ts';
import type { RequestId } from '../domain/ids.ts';
import { configuration } from './configuration.ts';
import { getRow, rowsOf, type Write } from './dynamo.ts';

const catalog = () => configuration().catalogTable;
const requests = () => configuration().requestsTable;

/** What a cycle found of a member in inactive data, until the request is certified. */
export const foundInInactive = (
  requestId: string,
  round: number,
  copies: ResidueCopies,
): Write => ({
  Put: { TableName: requests(), Item: { pk: requestId, sk: `RESIDUE#${round}`, copies } },
});

export const residueCopies = async (
  requestId: string,
  round: number,
): Promise<ResidueCopies | undefined> =>
  (await getRow<{ copies: ResidueCopies }>(requests(), requestId, `RESIDUE#${round}`))?.copies;

/** A certificate whose residue is not all gone. */
export interface OutstandingRow {
  requestId: RequestId;
  certifiedAt: string;
  copies: ResidueCopies;
  /** A run was started for it alone. */
  purgeStartedAt?: string;
}

export const outstanding = (row: OutstandingRow): Write => ({
  Put: { TableName: catalog(), Item: { pk: 'OUTSTANDING', sk: row.requestId, ...row } },
});

export const outstandingRows = (): AsyncGenerator<OutstandingRow> =>
  rowsOf<OutstandingRow>(catalog(), 'OUTSTANDING');

export const purgeStarted = (requestId: string, at: string): Write => ({
  Update: {
    TableName: catalog(),
    Key: { pk: 'OUTSTANDING', sk: requestId },
    UpdateExpression: 'SET purgeStartedAt = :at',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(purgeStartedAt)',
    ExpressionAttributeValues: { ':at': at },
  },
});

/** The completion of a certificate, once, and that nothing is outstanding any more. */
export const completed = (requestId: string, jws: string): Write[] => [
  {
    Put: {
      TableName: requests(),
      Item: { pk: requestId, sk: 'COMPLETION', jws },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  },
  { Delete: { TableName: catalog(), Key: { pk: 'OUTSTANDING', sk: requestId } } },
];
