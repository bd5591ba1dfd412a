import type { Certificate } from '../domain/certificate.ts';
import { configuration } from './configuration.ts';
import { getRow, type Write } from './dynamo.ts';

export const certificateWritten = (certificate: Certificate): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { pk: certificate.requestId, sk: 'CERTIFICATE', certificate },
  },
});

export async function findCertificate(requestId: string): Promise<Certificate | undefined> {
  const row = await getRow<{ certificate: Certificate }>(
    configuration().requestsTable,
    requestId,
    'CERTIFICATE',
  );
  return row?.certificate;
}
