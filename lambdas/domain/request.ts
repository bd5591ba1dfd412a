import type { RequestId } from './ids.ts';
import type { WaitReason, WaitRole } from './wait.ts';

/** `access`: GDPR Art. 15; `portability`: Art. 20. The two are exports, and differ in contents. */
export const REQUEST_KINDS = ['erasure', 'access', 'portability'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** A customer appears in ingested data; a user signs in to the platform. */
export const SUBJECT_KINDS = ['customer', 'user'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

export const OUTCOMES = [
  'erased',
  'nothingHeld',
  'delivered',
  'refused',
  'cancelled',
  'partlyErased',
  'expired',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type RequestStatus = 'open' | 'waiting' | 'closed';

/** One data subject request. Holds nothing that points at the person. Times are ISO 8601 UTC. */
export interface Request {
  requestId: RequestId;
  kind: RequestKind;
  /** Absent: a customer. */
  subjectKind?: 'user';
  /** How it came in, if not by the desk. */
  channel?: 'mail';
  /** Nothing is done before the registered tenant admin has typed a code. */
  confirm?: true;
  confirmedAt?: string;
  /** When the package of an export was collected. */
  deliveredAt?: string;
  /** What nobody did in time, of an export: the confirmation, or the collection of its package. */
  expiredFor?: 'confirmation' | 'collection';
  status: RequestStatus;
  outcome?: Outcome;
  /** When the controller received it: the legal clock starts here. */
  receivedAt: string;
  openedAt: string;
  closedAt?: string;
  /** From here on no decision changes the outcome. */
  certifiedAt?: string;
  /** The legal deadline, a day in the platform's time zone (`2026-12-23`). */
  dueOn: string;
  /** The plain calendar month, not rolled past weekends and holidays: what staff should aim at. */
  unrolledDueOn: string;
  round: number;
  attempt: number;
  /** Restarts since a result was last recorded; at three, an operator is asked. */
  restarts: number;
  /** Sources that somebody gave up on, by decision. */
  without: string[];
  /** What somebody gave up on, by decision: `source crm`, `proof`, `identities beyond the bound`. */
  gaveUpOn: string[];
  /** The snapshot that was active when it was last resolved who is meant. */
  resolvedFor?: string;
  /** How many unique identities may be followed; somebody may raise it. */
  bound: number;
  /** The cycle that released it last. */
  cycleId?: string;
  /** Rounds beyond the platform's limit, by decision. */
  extraRounds?: number;
  /** How many questions about who is meant were asked, and the one that is open or was last. */
  questions?: number;
  question?: { reasonCode: WaitReason; options: string[] };
  /** Keyed hash of the identities given, by which the same request is recognised while open. */
  sameAs?: string;
  /** While it stands, nothing irreversible is done. `n`: which hold of this request it is. */
  legalHold?: { n: number; since: string; by: string; reasonCode: string };
  /** How many holds there have been. */
  holds?: number;
  closing?: { option: 'refused' | 'cancelled'; by: string; reasonCode: string; at: string };
  /** Of an export: the erasure of the same person, which is told when this ends. */
  erasedBy?: RequestId;
  /** Something of the person was found, in the lake or in a source. */
  held?: boolean;
  /** Hash of the platform.yaml under which it was opened. */
  platformHash: string;
}

export const isExport = ({ kind = 'erasure' }: { kind?: RequestKind }): boolean =>
  kind !== 'erasure';

/** Nothing of the person may be looked for yet. */
export const isUnconfirmed = ({ confirm, confirmedAt }: Request): boolean =>
  confirm === true && confirmedAt === undefined;

/**
 * How a request ends, if it ended now.
 * @throws Error when an export has neither been delivered nor expired: it does not end yet
 */
export function outcomeOf(
  request: Pick<Request, 'closing' | 'gaveUpOn' | 'held'> &
    Partial<Pick<Request, 'kind' | 'deliveredAt' | 'expiredFor'>>,
): Outcome {
  // Nobody takes back what has been handed over.
  if (request.deliveredAt) return 'delivered';
  if (request.closing) return request.closing.option;
  if (request.expiredFor) return 'expired';
  if (isExport(request)) throw new Error('This export has been neither delivered nor ended.');
  if (request.gaveUpOn.length > 0) return 'partlyErased';
  return request.held ? 'erased' : 'nothingHeld';
}

/** A request waits while a person has been asked; the row's own word may be a moment old. */
export const statusShown = (
  status: RequestStatus,
  waits: Pick<WaitSummary, 'role'>[],
): RequestStatus => {
  if (status === 'closed') return status;
  return waits.some(({ role }) => role !== undefined) ? 'waiting' : 'open';
};

/** A line of `dsr list`: what it waits for, and on whom. */
export interface WaitSummary {
  waitId: string;
  kind: string;
  on: string;
  role?: WaitRole;
  /** Which recipient, of those that platform.yaml names. */
  recipient?: string;
  reasonCode: string;
  since: string;
  deadline?: string;
  /** Its deadline ends it. */
  expires?: boolean;
  options: string[];
  /** What has to be known to decide, in lines. */
  details?: string[];
}
