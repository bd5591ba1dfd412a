import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { closedBucket } from './closed-bucket.ts';
import { isKept, type Lifetime } from './lifetime.ts';

/**
 * `heads/` and `keys/`: what proves that the ledger is as it was. Nobody can delete or replace what
 * lies here before its time is over, no administrator of the account either; only a disposable
 * stack takes it along.
 */
export class EvidenceBucket extends Bucket {
  constructor(scope: Construct, id: string, lifetime: Lifetime) {
    const kept = isKept(lifetime);
    super(scope, id, {
      ...closedBucket(lifetime),
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: kept
        ? ObjectLockRetention.compliance(Duration.days(Math.ceil(lifetime.evidenceYears * 365.25)))
        : undefined,
      // Not by a key of ours: whoever deleted that would have deleted the evidence.
      encryption: BucketEncryption.S3_MANAGED,
    });
    if (kept) this.addToResourcePolicy(noDeletion(this));
  }
}

/** Object Lock keeps versions; a marker would hide one all the same. */
const noDeletion = (bucket: Bucket): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
    resources: [bucket.arnForObjects('*')],
  });
