import { configuration } from './configuration.ts';
import { all, getRow, rowsOf, type Write } from './dynamo.ts';

const table = () => configuration().requestsTable;

/** Kept as it was signed, and not a second time in plain: of many tables, two would not fit a row. */
export const certificateWritten = (requestId: string, jws: string): Write => ({
  Put: { TableName: table(), Item: { pk: requestId, sk: 'CERTIFICATE', jws } },
});

/** Compact JWS, `typ` `dsr-certificate`. */
export const findCertificate = async (requestId: string): Promise<string | undefined> =>
  (await getRow<{ jws: string }>(table(), requestId, 'CERTIFICATE'))?.jws;

/** What was certified later, that residue is gone, signed. */
export async function completionsOf(requestId: string): Promise<string[]> {
  const rows = await all(rowsOf<{ jws: string }>(table(), requestId, 'COMPLETION'));
  return rows.map(({ jws }) => jws);
}
