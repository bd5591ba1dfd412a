import type { Certificate } from '../domain/certificate.ts';
import { configuration } from './configuration.ts';
import { all, getRow, rowsOf, type Write } from './dynamo.ts';

/** A certificate, and the same signed: compact JWS, `typ` `dsr-certificate`. */
export interface Certified {
  certificate: Certificate;
  jws: string;
}

const table = () => configuration().requestsTable;

export const certificateWritten = ({ certificate, jws }: Certified): Write => ({
  Put: {
    TableName: table(),
    Item: { pk: certificate.requestId, sk: 'CERTIFICATE', certificate, jws },
  },
});

export const findCertificate = (requestId: string): Promise<Certified | undefined> =>
  getRow<Certified>(table(), requestId, 'CERTIFICATE');

/** What was certified later, that residue is gone, signed. */
export async function completionsOf(requestId: string): Promise<string[]> {
  const rows = await all(rowsOf<{ jws: string }>(table(), requestId, 'COMPLETION'));
  return rows.map(({ jws }) => jws);
}
