import type { z } from 'zod';
import type { CleanUpPreview, CleanUpReport } from '../lambdas/domain/clean-up-report.ts';
import type {
  CleanUpStarted,
  Decide,
  Decided,
  Disclose,
  Disclosure,
  EvidenceAnswer,
  Held,
  OpenedRequest,
  PlaceHold,
  Preview,
  PreviewReport,
  Query,
  QueryAnswers,
  RefreshRequested,
  Reissue,
  Reissued,
  RequestRefresh,
  RequestWish,
  Resume,
  Resumed,
  StartCleanUp,
} from '../lambdas/domain/desk.ts';
import type {
  AdminReport,
  CertificateAnswer,
  LineReport,
  ListedRequest,
  RequestStatusReport,
  SnapshotReport,
  SourceReport,
  SuppressedReport,
} from '../lambdas/domain/desk-reports.ts';
import type {
  DisclosedMail,
  DiscloseMail,
  ListedMail,
  RereadAnswer,
} from '../lambdas/domain/mail/desk.ts';
import type { Connection } from './connection.ts';
import { openStack } from './stack.ts';

/** The system as people and ticketing systems see it: one method a question or wish. */
export interface Desk {
  open(request: RequestWish): Promise<OpenedRequest>;
  list(status?: 'open' | 'closed'): Promise<ListedRequest[]>;
  /** `undefined`: no such request. */
  status(requestId: string): Promise<RequestStatusReport | undefined>;
  certificate(requestId: string): Promise<CertificateAnswer>;
  sources(): Promise<SourceReport[]>;
  snapshot(): Promise<SnapshotReport>;
  lines(): Promise<LineReport[]>;
  suppressed(): Promise<SuppressedReport[]>;
  admin(): Promise<AdminReport>;
  decide(decision: Decide): Promise<Decided>;
  hold(wish: Omit<PlaceHold, 'requestId'> & { requestId: string }): Promise<Held>;
  resume(wish: Resume): Promise<Resumed>;
  reissue(wish: Omit<Reissue, 'requestId'> & { requestId: string }): Promise<Reissued>;
  refresh(wish: RequestRefresh): Promise<RefreshRequested>;
  preview(subject: Preview): Promise<PreviewReport>;
  disclose(wish: Omit<Disclose, 'target'> & { target: string }): Promise<Disclosure>;
  /** Signs a head over the ledger as it stands now. */
  signHeads(): Promise<void>;
  evidence(requestId: string): Promise<EvidenceAnswer>;
  /** Without a run, the latest; `undefined`: there is none. */
  cleanUp(runId?: string): Promise<CleanUpReport | undefined>;
  startCleanUp(wish: StartCleanUp): Promise<CleanUpStarted>;
  previewCleanUp(): Promise<CleanUpPreview>;
  /** Newest first. */
  mails(): Promise<ListedMail[]>;
  discloseMail(wish: z.infer<typeof DiscloseMail>): Promise<DisclosedMail>;
  /** Has a message read again that came to no end. */
  rereadMail(wish: z.infer<typeof DiscloseMail>): Promise<RereadAnswer>;
  /** The ARN of whoever asks. */
  callerArn(): Promise<string>;
}

type Asked = Query extends infer Q
  ? Q extends { requestId: unknown }
    ? Omit<Q, 'requestId'> & { requestId: string }
    : Q
  : never;

/**
 * Opens the desk of a deployed stack, on AWS or behind an endpoint. Nothing is called before the
 * first question. Every method throws a CommandError, in words, when the system fails.
 */
export function openDesk(connection: Connection): Desk {
  const stack = openStack(connection);
  const invoke = <A>(outputName: string, input: unknown) =>
    stack.invoke(outputName, input) as Promise<A>;
  const read = <Q extends Query['query']>(query: Asked & { query: Q }) =>
    invoke<QueryAnswers[Q]>('ReadDeskFunction', query);

  return {
    open: (request) => invoke('OpenRequestFunction', request),
    list: (status) => read({ query: 'list', ...(status === undefined ? {} : { status }) }),
    async status(requestId) {
      const answer = await read({ query: 'status', requestId });
      return 'request' in answer ? answer : undefined;
    },
    certificate: (requestId) => read({ query: 'certificate', requestId }),
    sources: () => read({ query: 'sources' }),
    snapshot: () => read({ query: 'snapshot' }),
    lines: () => read({ query: 'lines' }),
    suppressed: () => read({ query: 'suppressed' }),
    admin: () => read({ query: 'admin' }),
    decide: (decision) => invoke('DecideFunction', decision),
    hold: (wish) => invoke('HoldFunction', wish),
    resume: (wish) => invoke('ResumeFunction', wish),
    reissue: (wish) => invoke('ReissueFunction', wish),
    refresh: (wish) => invoke('RequestRefreshFunction', wish),
    preview: (subject) => invoke('PreviewFunction', subject),
    disclose: (wish) => invoke('DiscloseFunction', wish),
    signHeads: async () => {
      await invoke('SignHeadsFunction', {});
    },
    evidence: (requestId) => invoke('GatherEvidenceFunction', { requestId }),
    async cleanUp(runId) {
      const answer = await invoke<QueryAnswers['cleanUp']>('ReadDeskFunction', {
        query: 'cleanUp',
        ...(runId === undefined ? {} : { runId }),
      });
      return 'runId' in answer ? answer : undefined;
    },
    startCleanUp: (wish) => invoke('StartCleanUpFunction', wish),
    previewCleanUp: () => invoke('PreviewCleanUpFunction', {}),
    mails: () => invoke('ListMailFunction', {}),
    discloseMail: (wish) => invoke('DiscloseMailFunction', wish),
    rereadMail: (wish) => invoke('RereadMailFunction', wish),
    callerArn: () => stack.callerArn(),
  };
}
