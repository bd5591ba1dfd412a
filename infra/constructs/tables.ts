import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
  type TableProps,
} from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { isKept, type Lifetime } from './lifetime.ts';

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
const sorted = { partitionKey: text('pk'), sortKey: text('sk') };

export class Tables extends Construct {
  /** Requests, their waits and recorded results. */
  readonly requests: Table;
  /** One key per request. No backups: deleting a key makes what it sealed unreadable for good. */
  readonly requestKeys: Table;
  /** Sources, partitions, snapshots, cycles and the active pointer. */
  readonly catalog: Table;
  readonly ledger: Table;
  /** People who sign in: what they may do, and what they did. */
  readonly users: Table;

  constructor(scope: Construct, id: string, props: { lifetime: Lifetime; key: IKey }) {
    super(scope, id);
    const { lifetime, key } = props;
    const table = (name: string, own: Pick<TableProps, 'partitionKey'> & Partial<TableProps>) =>
      new Table(this, name, {
        billingMode: BillingMode.PAY_PER_REQUEST,
        encryption: TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: key,
        removalPolicy: lifetime.removalPolicy,
        deletionProtection: isKept(lifetime),
        pointInTimeRecoverySpecification: {
          pointInTimeRecoveryEnabled: true,
          recoveryPeriodInDays: lifetime.recoveryDays,
        },
        ...own,
      });

    // Only rows about mails expire.
    this.requests = table('Requests', { ...sorted, timeToLiveAttribute: 'expiresAt' });
    this.requests.addGlobalSecondaryIndex({
      indexName: 'listed',
      partitionKey: text('listed'),
      sortKey: text('pk'),
    });
    this.requests.addGlobalSecondaryIndex({
      indexName: 'due',
      partitionKey: text('duePartition'),
      sortKey: text('dueAt'),
    });
    this.requestKeys = table('RequestKeys', {
      partitionKey: text('pk'),
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    });
    this.catalog = table('Catalog', { ...sorted, timeToLiveAttribute: 'expiresAt' });
    this.users = table('Users', sorted);
    // Only profiles bear an e-mail.
    this.users.addGlobalSecondaryIndex({
      indexName: 'byEmail',
      partitionKey: text('email'),
    });
    this.ledger = table('Ledger', { ...sorted, resourcePolicy: appendOnly() });
    // Which chains have moved, for whoever signs their heads.
    this.ledger.addGlobalSecondaryIndex({
      indexName: 'recent',
      partitionKey: text('day'),
      sortKey: text('at'),
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }
}

/**
 * Entries are put, and nothing else is ever done to them, whoever may do so by a policy of his own.
 * A put that replaces one cannot be told apart here; the check of the chain finds it.
 */
const appendOnly = (): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:PartiQLInsert',
          'dynamodb:PartiQLUpdate',
          'dynamodb:PartiQLDelete',
        ],
        // A policy of the table itself: its name would refer to what is being made.
        resources: ['*'],
      }),
    ],
  });
