import type { Certificate } from '../domain/certificate.ts';
import { payloadOf } from '../domain/evidence/jws.ts';
import { configuration } from './configuration.ts';
import { all, getRow, rowsOf, type Write } from './dynamo.ts';

/** A certificate, and the same signed: compact JWS, `typ` `dsr-certificate`. */
export interface Certified {
  certificate: Certificate;
  jws: string;
}

const table = () => configuration().requestsTable;

/** Kept as it was signed, and not a second time in plain: of many tables, two would not fit a row. */
export const certificateWritten = (requestId: string, jws: string): Write => ({
  Put: { TableName: table(), Item: { pk: requestId, sk: 'CERTIFICATE', jws } },
});

export async function findCertificate(requestId: string): Promise<Certified | undefined> {
  const row = await getRow<{ jws: string }>(table(), requestId, 'CERTIFICATE');
  return row && { certificate: payloadOf(row.jws), jws: row.jws };
}

/** What was certified later, that residue is gone, signed. */
export async function completionsOf(requestId: string): Promise<string[]> {
  const rows = await all(rowsOf<{ jws: string }>(table(), requestId, 'COMPLETION'));
  return rows.map(({ jws }) => jws);
}
