import type { Certificate } from './certificate.ts';
import type { Completion } from './completion.ts';
import type { SourceStatus } from './refresh.ts';
import type { Admin } from './registered-admin.ts';
import type { Outcome, Request, WaitSummary } from './request.ts';
import type { LineName } from './turn.ts';

/** What the desk shows to whoever asks how things stand: counts, ids and words, and nobody's data. */

/** A deadline is a day where the platform is: days left are counted in its zone. */
export interface DueDay {
  /** `2026-12-23` */
  dueOn: string;
  /** IANA, e.g. `Europe/Berlin`. */
  timeZone: string;
}

/** No request has this id. */
export interface UnknownRequest {
  outcome: 'unknown';
}

/** Somebody who was erased, and is recognised when a source brings them back. Days as `2036-12-31`. */
export interface SuppressedReport {
  /** The request that erased them. */
  requestId: string;
  /** The last day on which their coming back is told; absent once that was lifted. */
  suppressedUntil?: string;
  /** By source that keeps them by law: the last day on which the lake leaves them out. */
  retained: Record<string, string>;
  /** Somebody decided that their rows stay out. */
  keptOut: boolean;
  /** They came back, and somebody has to decide. */
  wait?: WaitSummary;
}

/** Who is registered as the tenant admin, and whom platform.yaml names instead. */
export interface AdminReport {
  registered: Admin;
  /** Absent before the first sweep of a platform. */
  since?: string;
  /** Absent where the file names who is registered. */
  named?: Admin;
  /** The registered one has denied it. */
  denied?: boolean;
  /** The registered one is asked. */
  wait?: WaitSummary | undefined;
}

export type CertificateAnswer =
  | UnknownRequest
  /** The request is not closed: there is nothing to certify. */
  | { outcome: 'notYet' }
  | {
      outcome: 'certified';
      certificate: Certificate;
      /** The same, signed. */
      jws: string;
      /** What it named as residue is gone, every version; signed (JWS) as it stands. */
      completion?: { completion: Completion; jws: string };
    };

export interface ListedRequest extends DueDay {
  requestId: string;
  kind: Request['kind'];
  status: Request['status'];
  outcome?: Outcome;
  receivedAt: string;
  waits: WaitSummary[];
}

/** One recorded step of a request, in the order in which they happened. */
export interface RecordedStep {
  step: string;
  round: number;
  at: string;
  /** The step's outcome word and counts, as the flow saw them. */
  result: Record<string, unknown>;
}

export interface RequestStatusReport {
  request: Request;
  timeZone: string;
  /** Its own, and that of a line which has stopped while the request waits in it. */
  waits: WaitSummary[];
  steps: RecordedStep[];
  /** Per source: the latest answer, when it was last asked, and when it is asked next. */
  verification: Record<
    string,
    {
      answer?: string;
      /** Rows still held, or why it could not tell or be reached: `3 rows`, `timedOut`. */
      detail?: string;
      askedAt?: string;
      asks: number;
      nextAskAt?: string;
      goneSince?: string;
      /** When its owner was written to last; absent while another mail is to leave. */
      ownerToldAt?: string;
    }
  >;
  cycle?: CycleReport;
  /** When the last of what its certificate named as residue was found gone. */
  residueGoneAt?: string;
  faults: { faultId: string; step: string; class: string; at: string }[];
}

/** The cycle that carries a request, or that released it last. */
export interface CycleReport {
  cycleId: string;
  phase: string;
  /** While it refreshes: how many of its sources are done, and how many models and segments. */
  sources?: Progress;
  tables?: Progress;
}

export interface Progress {
  done: number;
  failed: number;
  of: number;
}

export interface SourceReport {
  source: string;
  kind: string;
  status: SourceStatus | 'never';
  cause?: string;
  rows?: number;
  bytes?: number;
  seconds?: number;
  /** Rows of people who were erased: left out of the lake, or cleared in it. */
  leftOut?: number;
  cleared?: number;
  /** How many erased people it brought back. */
  resurrected?: number;
  at?: string;
  cycleId?: string;
  partitionId?: string;
  /** Requests wait until somebody decides; one answers for all, but each gives up for itself. */
  decision?: {
    requests: number;
    /** The newest of their waits. */
    wait: WaitSummary;
  };
}

/** A line in which one goes after the other: refresh cycles, passes of verification, or gatherings of exports. */
export interface LineReport {
  line: LineName;
  /** Whose turn it is, `c-12` or `v-40`; without one it is nobody's. */
  turn?: string;
  /** A pass may sleep until then; a cycle collects members until it has begun. */
  startsAt?: string;
  begun: boolean;
  /** The latest turn, also when it is over. */
  lastTurn?: string;
  /** Turns that died one after the other. */
  deaths: number;
  /** Three did: nothing starts before an operator resumes the line. */
  stuck: boolean;
  /** How many want a turn: requests and refreshes, or requests whose sources are asked. */
  waiting: number;
  wait?: WaitSummary;
}

export interface SnapshotReport {
  snapshotId?: string;
  publishedAt?: string;
  tables: {
    kind: 'source' | 'model' | 'segment';
    name: string;
    rows: number;
    bytes: number;
    prefix: string;
  }[];
  /** Inactive snapshots that are still kept. */
  inactive: number;
}
