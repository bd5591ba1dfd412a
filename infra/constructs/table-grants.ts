import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow, both, type Grant, throughKey } from './grants.ts';

type StoredIn = 'requests' | 'requestKeys' | 'catalog' | 'ledger';

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
const WRITES = [...READS, 'PutItem', 'UpdateItem', 'ConditionCheckItem'];

export const reads = {
  requests: both(onTable('requests', READS), onRequestIndexes),
  catalog: onTable('catalog', READS),
};

/** Reading included: every write here is decided by what stands there. */
export const writes = {
  requests: both(onTable('requests', WRITES), onRequestIndexes),
  catalog: onTable('catalog', WRITES),
};

export const rowsUnder = (...keys: string[]): Condition => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
});

/** What rows may be deleted at all: partitions, snapshots, requests and results are not among them. */
export const deletes = {
  /** Who waits for a cycle, or for the sources. */
  queued: onTable('catalog', ['DeleteItem'], rowsUnder('QUEUE', 'VERIFYING')),
  /** Which requests wait for a source that failed. */
  waiters: onTable('requests', ['DeleteItem'], rowsUnder('source#*')),
  /** That a request is on hold. */
  holds: onTable('catalog', ['DeleteItem'], rowsUnder('HOLD')),
  /** That the same identities stand in an open request. */
  sameRequest: onTable('requests', ['DeleteItem'], rowsUnder('SAME#*')),
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
