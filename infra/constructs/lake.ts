import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { closedBucket } from './closed-bucket.ts';
import type { Lifetime } from './lifetime.ts';

/** `partitions/`, `snapshots/`, `work/` and `packages/` of one platform. */
export class Lake extends Bucket {
  constructor(scope: Construct, id: string, props: { lifetime: Lifetime; key: IKey }) {
    super(scope, id, {
      ...closedBucket(props.lifetime),
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      lifecycleRules: [
        {
          id: 'what-was-overwritten-or-deleted-goes',
          noncurrentVersionExpiration: Duration.days(1),
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        {
          // A cycle erases its own, also one that died; this is for whoever dies while erasing.
          id: 'leftover-work-goes',
          prefix: 'work/',
          expiration: Duration.days(7),
        },
        {
          // A request deletes its own, every version; this is for whoever never comes to it.
          id: 'forgotten-packages-go',
          prefix: 'packages/',
          expiration: Duration.days(30),
        },
      ],
    });
  }
}
