import * as z from 'zod';
import type { CleanUpReport } from './clean-up-report.ts';
import type {
  AdminReport,
  CertificateAnswer,
  DueDay,
  LineReport,
  ListedRequest,
  RequestStatusReport,
  SnapshotReport,
  SourceReport,
  SuppressedReport,
  UnknownRequest,
} from './desk-reports.ts';
import type { Gathered } from './evidence/bundle.ts';
import { CycleId, GatheringId, Name, PassId, RequestId, RunId } from './ids.ts';
import { REQUEST_KINDS, SUBJECT_KINDS } from './request.ts';
import type { UndeclaredColumn } from './undeclared.ts';
import { ROLES } from './wait.ts';

/**
 * What people and ticketing systems may ask of the system: the inputs and answers of the
 * functions in `handlers/desk.ts`, which the command line invokes.
 */

/** An identity as somebody wrote it; normalised where it enters. */
const RawIdentity = z.strictObject({ type: Name, value: z.string().trim().min(1).max(320) });

/** An operator's directory id or role account; never a person's name or address. */
export const Actor = z
  .string()
  .regex(/^[A-Za-z0-9:/_.+=-]{1,200}$/, 'must be an id without spaces or @');

export const OpenRequest = z.strictObject({
  kind: z.enum(REQUEST_KINDS).default('erasure'),
  subjectKind: z.enum(SUBJECT_KINDS).default('customer'),
  channel: z.literal('mail').optional(),
  /** Nothing is done before the registered tenant admin has typed a code; so with every export. */
  confirm: z.boolean().default(false),
  identities: z.array(RawIdentity).min(1).max(100),
  receivedAt: z.iso.datetime({ offset: true }).optional(),
  /** The controller's own reference; kept encrypted, because people put names into it. */
  reference: z.string().max(500).optional(),
  by: Actor,
});
export type OpenRequest = z.infer<typeof OpenRequest>;
/** As it is asked: what is left out has its usual meaning. */
export type RequestWish = z.input<typeof OpenRequest>;

export type OpenedRequest =
  | ({ outcome: 'opened'; requestId: RequestId; unrolledDueOn: string } & DueDay)
  /** The same identities stand in a request that is still open. */
  | { outcome: 'alreadyOpen'; requestId: RequestId }
  | { outcome: 'invalid'; problems: string[] };

export const Decide = z.strictObject({
  /** A wait's id, or a request's (then its one open wait is meant, or `cancelled` / `refused`). */
  target: z.string().min(1),
  option: z.string().min(1),
  as: z.enum(ROLES),
  by: Actor,
  /** Of which a source's owner may speak, where it is known who they are; else of all. */
  ofSources: z.array(Name).optional(),
  /** Kept encrypted. */
  reason: z.string().max(2000).optional(),
});
export type Decide = z.infer<typeof Decide>;
export interface Decided {
  /** `accepted`: recorded now. Everything else changed nothing, and `words` says why. */
  outcome: 'accepted' | 'alreadyAnswered' | 'notAsked' | 'notAnOption' | 'notYourRole' | 'unknown';
  words: string;
}

export const PlaceHold = z.strictObject({
  requestId: RequestId,
  /** Why, as a word that points at nobody: `litigation`. */
  reasonCode: z
    .string()
    .regex(
      /^[a-z][A-Za-z0-9]{0,39}$/,
      'must be one word of letters and digits, such as litigation',
    ),
  by: Actor,
  /** Kept encrypted. */
  note: z.string().max(2000).optional(),
});
export type PlaceHold = z.infer<typeof PlaceHold>;
export interface Held {
  /** `refused`: nothing changed, and `words` says why. */
  outcome: 'held' | 'refused' | 'unknown';
  words: string;
}

export const Resume = z.strictObject({ target: z.string().min(1), by: Actor });
export type Resume = z.infer<typeof Resume>;
export interface Resumed {
  outcome: 'resumed' | 'stillRunning' | 'closed' | 'unknown';
  words: string;
}

export const RequestRefresh = z.strictObject({
  /** Empty: every source. */
  sources: z.array(Name),
  /** The rows are really gone: waives the check of losses for the sources named, once. */
  acceptLoss: z.boolean().optional(),
  by: Actor,
});
export type RequestRefresh = z.infer<typeof RequestRefresh>;
export type RefreshRequested =
  | { outcome: 'queued'; cycle?: string }
  | { outcome: 'invalid'; problems: string[] };

export const Query = z.discriminatedUnion('query', [
  z.strictObject({ query: z.literal('list'), status: z.enum(['open', 'closed']).optional() }),
  z.strictObject({ query: z.literal('status'), requestId: RequestId }),
  z.strictObject({ query: z.literal('certificate'), requestId: RequestId }),
  z.strictObject({ query: z.literal('sources') }),
  z.strictObject({ query: z.literal('snapshot') }),
  z.strictObject({ query: z.literal('lines') }),
  z.strictObject({ query: z.literal('suppressed') }),
  z.strictObject({ query: z.literal('admin') }),
  /** Without a run: the latest. */
  z.strictObject({ query: z.literal('cleanUp'), runId: RunId.optional() }),
]);
export type Query = z.infer<typeof Query>;

/** What ReadDeskFunction answers to each query. */
export interface QueryAnswers {
  /** Newest first. */
  list: ListedRequest[];
  status: RequestStatusReport | UnknownRequest;
  certificate: CertificateAnswer;
  sources: SourceReport[];
  snapshot: SnapshotReport;
  lines: LineReport[];
  suppressed: SuppressedReport[];
  admin: AdminReport;
  cleanUp: CleanUpReport | UnknownRequest;
}

export const StartCleanUp = z.strictObject({ by: Actor });
export type StartCleanUp = z.infer<typeof StartCleanUp>;
export interface CleanUpStarted {
  outcome: 'started';
  runId: RunId;
}

/** Send a new code for what is asked of the tenant admin: a confirmation, or a package to collect. */
export const Reissue = z.strictObject({ requestId: RequestId, by: Actor });
export type Reissue = z.infer<typeof Reissue>;
export interface Reissued {
  /** `gone`: the package is deleted, or nobody collected it in time. */
  outcome: 'reissued' | 'gone' | 'notAsked' | 'unknown';
}

export const GatherEvidence = z.strictObject({ requestId: RequestId });
export type EvidenceAnswer = UnknownRequest | { outcome: 'notYet' } | Gathered;

export const Preview = z.strictObject({ identities: z.array(RawIdentity).min(1).max(100) });
export type Preview = z.infer<typeof Preview>;
/** What is held where, without starting anything. Counts only, but the identities found. */
export type PreviewReport =
  | { outcome: 'invalid'; problems: string[] }
  | {
      outcome: 'found';
      /** How many identities of each type were linked. */
      identities: Record<string, number>;
      /** Somebody would be asked who is meant. */
      ambiguous: boolean;
      sources: { source: string; answer: string; rows?: number; detail?: string }[];
      tables: {
        kind: 'source' | 'model' | 'segment';
        name: string;
        where: 'active' | 'inactive';
        rows: number;
      }[];
      /** Columns, of sources as they are now and of the active snapshot, that nobody declared. */
      undeclared: (UndeclaredColumn & { in: 'source' | 'lake' })[];
      /** Sources whose every column could not be read, and why. */
      notRead: { source: string; reason: string }[];
    };

export const Disclose = z.strictObject({
  /** A request or a fault, which have ids of one form; `c-12`, `v-40`, `g-3` or `run-…` for the faults of those. */
  target: z.union([RequestId, CycleId, PassId, GatheringId, RunId]),
  by: Actor,
});
export type Disclose = z.infer<typeof Disclose>;
export interface DisclosedFault {
  faultId: string;
  step: string;
  class: string;
  /** What the code that failed said; it may quote rows. Absent when no key was there to keep it. */
  message?: string;
  at: string;
}
/** The one answer with personal data in it. `unreadable`: the request is closed, its key is gone. */
export type Disclosure =
  | { outcome: 'unreadable' | 'unknown' }
  | {
      outcome: 'disclosed';
      identities: { type: string; value: string; shared: boolean }[];
      /** Numbered as in the options `only-1`, `only-2` of the wait `whoIsMeant`. */
      candidates: { number: number; type: string; value: string }[];
      freeText: { name: string; text: string }[];
      faults: DisclosedFault[];
    }
  /** Of a cycle or a pass, or of a call that belongs to no request. */
  | { outcome: 'faultsDisclosed'; faults: DisclosedFault[] };
