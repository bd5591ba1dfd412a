import { configuration } from './configuration.ts';
import { getRow, type Write } from './dynamo.ts';

const table = () => configuration().requestsTable;

/** Kept as it was signed, and not a second time in plain: of many tables, two would not fit a row. */
export const certificateWritten = (requestId: string, jws: string): Write => ({
  Put: { TableName: table(), Item: { pk: requestId, sk: 'CERTIFICATE', jws } },
});

/** Compact JWS, `typ` `dsr-certificate`. */
export const findCertificate = (requestId: string) => findSigned(requestId, 'CERTIFICATE');

/** That the residue which the certificate names is gone: compact JWS, `typ` `dsr-completion`. */
export const findCompletion = (requestId: string) => findSigned(requestId, 'COMPLETION');

const findSigned = async (requestId: string, sk: string): Promise<string | undefined> =>
  (await getRow<{ jws: string }>(table(), requestId, sk))?.jws;
