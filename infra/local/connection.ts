import { S3Client } from '@aws-sdk/client-s3';
import { awsEnvironment, region } from './emulator.ts';

/** Where an AWS is, and as whom to use it. */
export interface Connection {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** Whoever names an endpoint may name credentials for it as well. */
export function connectionTo(endpoint: string): Connection {
  const {
    AWS_REGION = region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  } = { ...awsEnvironment(endpoint), ...(process.env as Record<string, string>) };
  return { endpoint, region: AWS_REGION, credentials: { accessKeyId, secretAccessKey } };
}

export const s3At = (connection: Connection): S3Client =>
  new S3Client({ ...connection, forcePathStyle: true });
