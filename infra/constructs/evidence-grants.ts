import { allow, type Grant } from './grants.ts';

const PREFIXES = ['heads', 'keys'];

const objects: (scope: Parameters<Grant>[0]) => string[] = ({ stores: { evidence } }) =>
  PREFIXES.map((prefix) => `${evidence.bucketArn}/${prefix}/*`);

/** Signed heads and public keys: they name chains and hold no more of anybody. */
export const readsEvidence: Grant = (scope) => [
  allow(['s3:GetObject'], objects(scope)),
  // Without it, S3 says "forbidden" of a head that is merely absent.
  allow(['s3:ListBucket'], [scope.stores.evidence.bucketArn]),
];

/** Adds to the evidence; Object Lock lets nobody replace any. */
export const addsEvidence: Grant = (scope) => [allow(['s3:PutObject'], objects(scope))];
