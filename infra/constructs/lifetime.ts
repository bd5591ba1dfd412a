import { RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** How long things are kept, and whether they outlive their stack. */
export interface Lifetime {
  removalPolicy: RemovalPolicy;
  logRetention: RetentionDays;
  /** Days for which a table can be restored to any second. Erased data survives that long. */
  recoveryDays: number;
  /** For which nobody can delete what proves the ledger; a disposable stack locks nothing. */
  evidenceYears: number;
}

export const isKept = ({ removalPolicy }: Lifetime): boolean =>
  removalPolicy === RemovalPolicy.RETAIN;
