import type { Copy, KeptCopy } from './clean-up.ts';
import type { RunId } from './ids.ts';

/** What else a run did; each is counted as it goes. */
export interface AlsoDone {
  certificatesCompleted?: number;
  snapshotRows?: number;
  cycleRows?: number;
  workFolders?: number;
  packageFolders?: number;
  sealedRows?: number;
  faultRows?: number;
}

/** One run of the clean-up, as it is kept. */
export interface CleanUpRun {
  runId: RunId;
  /** `stopped`: the active pointer could not be trusted, so nothing was deleted. */
  status: 'running' | 'done' | 'incomplete' | 'stopped';
  startedAt: string;
  endedAt?: string;
  /** Why it stopped. */
  reason?: string;
  due: number;
  /** Inactive, and not for long enough. */
  notYet: number;
  /** Copies that are gone, with how many versions and delete markers, and the versions' bytes. */
  deleted?: number;
  versions?: number;
  bytes?: number;
  /** Copies that were kept; those that failed. */
  kept?: number;
  failed?: number;
}

/** `died`: its execution ended with a fault. */
export interface CleanUpReport extends Omit<CleanUpRun, 'status'>, AlsoDone {
  status: CleanUpRun['status'] | 'died';
  /** What was begun; `goneAt`: found empty, every version. At most 2,000. */
  copies: (Copy & { versions: number; goneAt?: string })[];
  keptCopies: KeptCopy[];
}

/** At most 2,000 copies are listed; the counts are of all. */
export type CleanUpPreview =
  /** What is active cannot be told, so nothing would be deleted. */
  | { outcome: 'stopped'; reason: string }
  | {
      outcome: 'listed';
      due: number;
      bytes: number;
      /** Inactive, and not for long enough. */
      notYet: number;
      copies: Copy[];
      keptCopies: KeptCopy[];
    };
