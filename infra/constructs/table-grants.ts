import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow, both, type Grant, throughKey } from './grants.ts';

type StoredIn = 'requests' | 'requestKeys' | 'catalog' | 'ledger' | 'users';

type Condition = PolicyStatement['conditions'];

/** Exact actions on one table. */
export const onTable =
  (name: StoredIn, actions: string[], condition?: Condition): Grant =>
  (scope) => [
    allow(
      actions.map((action) => `dynamodb:${action}`),
      [scope.stores.tables[name].tableArn],
      condition,
    ),
    throughKey(scope, 'dynamodb', ['kms:Decrypt']),
  ];

const onRequestIndexes: Grant = ({ stores: { tables } }) => [
  allow(
    ['dynamodb:Query'],
    ['listed', 'due'].map((index) => `${tables.requests.tableArn}/index/${index}`),
  ),
];

const READS = ['GetItem', 'Query'];
const CHANGES = ['PutItem', 'UpdateItem', 'ConditionCheckItem'];

export const reads = {
  requests: both(onTable('requests', READS), onRequestIndexes),
  catalog: onTable('catalog', READS),
  /** One user by e-mail, and what is kept of them. */
  users: both(onTable('users', READS), ({ stores: { tables } }) => [
    allow(['dynamodb:Query'], [`${tables.users.tableArn}/index/byEmail`]),
  ]),
};

export const rowsUnder = (...keys: string[]): Condition => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
});

const rowsOutside = (...keys: string[]): Condition => ({
  'ForAllValues:StringNotLike': { 'dynamodb:LeadingKeys': keys },
});

/** Who is registered as the tenant admin, and the changes of that which are asked about. */
const ADMIN = { registered: 'platform', changes: 'admin#*' };

const changesRequests = (condition?: Condition): Grant =>
  both(reads.requests, onTable('requests', CHANGES, condition));

/** Reading included: every write here is decided by what stands there. */
export const writes = {
  /** But nothing of the tenant admin: codes, packages and decisions follow who is registered. */
  requests: changesRequests(rowsOutside(ADMIN.registered, ADMIN.changes)),
  /** Also what is asked about a change. */
  changesOfAdmin: changesRequests(rowsOutside(ADMIN.registered)),
  /** Also who is registered. */
  registeredAdmin: changesRequests(),
  catalog: onTable('catalog', [...READS, ...CHANGES]),
};

/** A ULID. IAM sees partition keys only: that sealed rows alone go is the step's to see to. */
const REQUEST_ID = '?'.repeat(26);

/** What went wrong, beside its request or under its day. */
export const putsFaults = onTable('requests', ['PutItem'], rowsUnder(REQUEST_ID, 'faults#*'));

/** Notes what a certificate names as residue, and by what the person is recognised later. */
export const notesWhatIsKept = onTable(
  'catalog',
  ['PutItem'],
  rowsUnder('OUTSTANDING', 'SUPPRESSED'),
);

/** What rows may be deleted at all. */
export const deletes = {
  /** Who waits for a cycle, or for the sources. */
  queued: onTable('catalog', ['DeleteItem'], rowsUnder('QUEUE', 'VERIFYING')),
  /** Who waits until rows are gathered. */
  queuedExports: onTable('catalog', ['DeleteItem'], rowsUnder('EXPORTS')),
  /** That an export still needs what was gathered for it. */
  gathered: onTable('catalog', ['DeleteItem'], rowsUnder('GATHERED#*')),
  /** A gathering whose rows are erased. */
  gatherings: onTable('catalog', ['DeleteItem'], rowsUnder('GATHERING')),
  /** Which requests wait for a source that failed. */
  waiters: onTable('requests', ['DeleteItem'], rowsUnder('source#*')),
  /** A mail about the tenant admin that has left. */
  news: onTable('requests', ['DeleteItem'], rowsUnder('NEWS')),
  /** That a request is on hold. */
  holds: onTable('catalog', ['DeleteItem'], rowsUnder('HOLD')),
  /** That the same identities stand in an open request. */
  sameRequest: onTable('requests', ['DeleteItem'], rowsUnder('SAME#*')),
  /** A partition of which no version is left. */
  partitions: onTable('catalog', ['DeleteItem'], rowsUnder('PARTITION')),
  /** Snapshots and cycles of which nothing follows any more. */
  forgotten: onTable('catalog', ['DeleteItem'], rowsUnder('SNAPSHOT', 'CYCLE', 'CYCLE#*')),
  /** That a certificate's residue is not all gone. */
  outstanding: onTable('catalog', ['DeleteItem'], rowsUnder('OUTSTANDING')),
  /** What was sealed for a request (its id has 26 letters) or a day's faults. */
  sealed: onTable('requests', ['DeleteItem'], rowsUnder(REQUEST_ID, 'faults#*', 'TRACES')),
};

/** The whole ledger, and which of its chains have moved. */
export const readsLedger: Grant = (scope) => [
  ...onTable('ledger', ['Query'])(scope),
  allow(
    ['dynamodb:Query', 'dynamodb:Scan'],
    [`${scope.stores.tables.ledger.tableArn}/index/recent`],
  ),
];

/** Appends to the ledger, after the entry that it finds last. Nobody may change or delete there. */
export const recordsChanges = onTable('ledger', ['PutItem', 'Query']);
