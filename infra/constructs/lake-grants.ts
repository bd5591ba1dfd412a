import { allow, denyBut, type Grant, throughKey } from './grants.ts';

type Prefix = 'partitions' | 'snapshots' | 'work' | 'packages';

const below = (lake: { bucketArn: string }, prefixes: Prefix[]): string[] =>
  prefixes.map((prefix) => `${lake.bucketArn}/${prefix}/*`);

const readsBelow =
  (...prefixes: Prefix[]): Grant =>
  (scope) => {
    const { lake } = scope.stores;
    return [
      allow(['s3:GetObject'], below(lake, prefixes)),
      // Without it, S3 says "forbidden" of a file that is merely absent.
      allow(['s3:ListBucket'], [lake.bucketArn], {
        StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}/*`) },
      }),
      throughKey(scope, 's3', ['kms:Decrypt']),
    ];
  };

const writesBelow =
  (prefix: Prefix): Grant =>
  (scope) => [
    allow(['s3:PutObject', 's3:AbortMultipartUpload'], below(scope.stores.lake, [prefix])),
    throughKey(scope, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];

export const readsLake = readsBelow('partitions', 'snapshots', 'work');
export const readsPartitions = readsBelow('partitions');
export const readsWork = readsBelow('work');
export const writesPartitions = writesBelow('partitions');
export const writesSnapshots = writesBelow('snapshots');
export const writesWork = writesBelow('work');
export const writesPackages = writesBelow('packages');

/** Opens one package, by an address that is good for a minute; lists none. */
export const handsOverPackages: Grant = (scope) => [
  allow(['s3:GetObject'], [`${scope.stores.lake.bucketArn}/packages/*`]),
  throughKey(scope, 's3', ['kms:Decrypt']),
];

/** Where the clean-up writes down what is due, for its flow to read. */
export const DUE_LIST = 'work/clean-up/due.json';

export const keepsDueList: Grant = (scope) => [
  allow(['s3:PutObject', 's3:GetObject'], [`${scope.stores.lake.bucketArn}/${DUE_LIST}`]),
  throughKey(scope, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']),
];

const listsVersionsBelow =
  (...prefixes: Prefix[]): Grant =>
  ({ stores: { lake } }) => [
    allow(['s3:ListBucketVersions'], [lake.bucketArn], {
      StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}/*`) },
    }),
  ];

/** What is there at all, every version of it; reads none. */
export const listsVersions = listsVersionsBelow('partitions', 'snapshots');
export const listsWork = listsVersionsBelow('work');

/** The one step that deletes data: every version of a partition or snapshot, and nothing else. */
export const deletesData: Grant = (scope) => {
  const { lake } = scope.stores;
  const versions = ['s3:DeleteObject', 's3:DeleteObjectVersion'];
  const data = below(lake, ['partitions', 'snapshots']);
  return [allow(versions, data), denyBut(versions, data), ...listsVersions(scope)];
};

/** Every version of a package that was collected, or that nobody came for. */
export const deletesPackages: Grant = (scope) => [
  allow(['s3:DeleteObject', 's3:DeleteObjectVersion'], below(scope.stores.lake, ['packages'])),
  ...listsVersionsBelow('packages')(scope),
];

/** Every version of what stands under `work/`. */
export const deletesWork: Grant = ({ stores: { lake } }) => [
  allow(['s3:DeleteObject', 's3:DeleteObjectVersion'], below(lake, ['work'])),
  allow(['s3:ListBucket', 's3:ListBucketVersions'], [lake.bucketArn], {
    StringLike: { 's3:prefix': ['work/*'] },
  }),
];
