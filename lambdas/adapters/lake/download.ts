import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { awsClient } from '../aws-clients.ts';
import { configuration } from '../configuration.ts';

/** Long enough to begin a download, or to take up one that was cut off. */
const SECONDS = 60;

const s3 = new S3Client({ ...awsClient, forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL) });

/** The address of one object of the lake, for whoever has it, for a minute; ranges of it too. */
export const downloadUrl = (key: string, fileName: string): Promise<string> =>
  getSignedUrl(
    s3,
    new GetObjectCommand({
      Bucket: configuration().lakeBucket,
      Key: key,
      ResponseContentDisposition: `attachment; filename="${fileName}"`,
      ResponseContentType: 'application/zip',
      ResponseCacheControl: 'no-store',
    }),
    { expiresIn: SECONDS },
  );
