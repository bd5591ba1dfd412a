import type { IdentityColumn } from './identity.ts';
import type { CycleId, PartitionId, SnapshotId } from './ids.ts';

export const SOURCE_STATUSES = [
  'queued',
  'refreshing',
  'successful',
  'failedRetrying',
  'failedPermanent',
  'heldForLoss',
] as const;
export type SourceStatus = (typeof SOURCE_STATUSES)[number];

/** Why a source could not be read; nothing in it comes from a row. */
export type SourceFailureReason =
  /** Transient: tried again. */
  | 'connectionFailed'
  | 'throttled'
  | 'timedOut'
  | 'fileReplaced'
  /** A password was changed, and the secret follows in a moment; or it does not. */
  | 'loginRefused'
  /** A step stopped while it worked on the source; what it met is kept as a fault. */
  | 'fault'
  /** Permanent: somebody has to change something. */
  | 'tableMissing'
  | 'columnMissing'
  | 'columnTypeChanged'
  | 'unparsableFile'
  | 'accessDenied'
  /** platform.yaml names it no more, while somebody still waits for it. */
  | 'notDeclared'
  | 'unknown';

export const TRANSIENT: ReadonlySet<SourceFailureReason> = new Set([
  'connectionFailed',
  'throttled',
  'timedOut',
  'fileReplaced',
  'loginRefused',
  'fault',
]);

/** What a refresh of one source came to: the words that the operator reads, and the figures. */
export type ExtractOutcome =
  | { outcome: 'successful'; rows: number; bytes: number }
  | {
      outcome: 'failed';
      reason: SourceFailureReason;
      /** Words for people; nothing in them comes from a row. */
      cause: string;
      /** What the source said, which may quote rows: only ever kept encrypted. */
      error?: Error;
    };

/** The catalog's row of a partition. Times are ISO 8601 UTC, sizes bytes. */
export interface Partition {
  source: string;
  partitionId: PartitionId;
  cycleId: CycleId;
  /** `partitions/<source>/<partitionId>/`, holding `rows.parquet` and `normalised.parquet`. */
  prefix: string;
  /** `building`: its rows are being written, or were when its cycle died. No snapshot names it. */
  state: 'building' | 'ingested';
  rows: number;
  /** How many values each identity column holds; absent while building. */
  filled?: Record<string, number>;
  /** Rows that the source gave and the lake does not hold: of people who were erased. */
  leftOut?: number;
  /** Rows that are held without what pointed at such people. */
  cleared?: number;
  bytes: number;
  seconds: number;
  startedAt: string;
  /** As declared when it was ingested: the declaration may change, the file does not. */
  identities: IdentityColumn[];
  personKey?: string;
  /** Of a source that anonymises in place: a row with all of these empty holds nobody. */
  clearedColumns?: string[];
  /** The clean-up is deleting it. Set under the condition that the active snapshot does not name it. */
  deleting?: Deleting;
}

/** Which run of the clean-up began to delete something, and when. */
export interface Deleting {
  runId: string;
  at: string;
}

/** One table that a cycle wrote. */
export interface BuiltTable {
  prefix: string;
  rows: number;
  bytes: number;
  identities: IdentityColumn[];
  identityFree?: string;
}

/** One consistent set of data; immutable once published. */
export interface Snapshot {
  snapshotId: SnapshotId;
  publishedAt: string;
  /** Source → partition. A source that never succeeded is absent. */
  partitions: Record<string, PartitionId>;
  models: Record<string, BuiltTable>;
  segments: Record<string, BuiltTable>;
  /** Set by the publication of the next one: from then on this one is inactive. */
  supersededAt?: string;
  /**
   * Its tables have been deleted. The row stays while it is the last that named a partition which is
   * still there: since when that is inactive follows from it.
   */
  emptiedAt?: string;
}
