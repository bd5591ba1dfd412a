import { BlockPublicAccess, type BucketProps, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { isKept, type Lifetime } from './lifetime.ts';

/** What holds of every bucket here: nobody reads it from outside or without TLS, and it lives as its stack. */
export const closedBucket = (lifetime: Lifetime) =>
  ({
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: lifetime.removalPolicy,
    autoDeleteObjects: !isKept(lifetime),
  }) satisfies BucketProps;
