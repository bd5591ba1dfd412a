import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { until } from '../../infra/local/patience.ts';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { executionArn } from '../../lambdas/adapters/executions.ts';
import type { RequestWish } from '../../lambdas/domain/desk.ts';
import type { RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import {
  isExport,
  type Outcome,
  type RequestKind,
  type WaitSummary,
} from '../../lambdas/domain/request.ts';
import type { Role } from '../../lambdas/domain/wait.ts';
import { patientDesk } from '../emulator/patient-desk.ts';
import { acknowledgementOf, type } from './typed-codes.ts';

/** The one platform on which all tests of a file play. */
export let platform: RunningPlatform;

export function openScene(running: RunningPlatform, { patience = 840 } = {}): void {
  platform = { ...running, desk: patientDesk(running.desk) };
  patienceSeconds = patience;
}

const by = 'flow-tests';

/** Asked twice a second by each of a crowd, the desk would take a third of the machine. */
const LONGEST_PAUSE_MS = 4000;
let patienceSeconds = 840;

export interface Given {
  type: string;
  value: string;
}

/** Opens a request for these identities, and answers its id. */
export async function requestErasure(
  identities: Given[],
  also: Partial<RequestWish> = {},
): Promise<string> {
  const opened = await platform.desk.open({ identities, by, ...also });
  if (opened.outcome !== 'opened') throw new Error(`The request was not opened: ${opened.outcome}`);
  return opened.requestId;
}

export async function statusOf(requestId: string): Promise<RequestStatusReport> {
  const report = await platform.desk.status(requestId);
  if (!report) throw new Error(`There is no request ${requestId}.`);
  return report;
}

/** Until a request's status is as wished; a failure names the request and where it stands. */
export async function untilRequest(
  requestId: string,
  what: string,
  isSo: (report: RequestStatusReport) => boolean,
  meanwhile?: (report: RequestStatusReport) => Promise<void>,
): Promise<RequestStatusReport> {
  let seen: RequestStatusReport | undefined;
  try {
    return await until(
      what,
      async () => {
        seen = await statusOf(requestId);
        if (isSo(seen)) return seen;
        if (seen.request.outcome) throw new Error('It has ended, and never will be.');
        await meanwhile?.(seen);
        return undefined;
      },
      patienceSeconds,
      LONGEST_PAUSE_MS,
    );
  } catch (cause) {
    throw new Error(`${requestId}: ${what}, but ${JSON.stringify(seen)}`, { cause });
  }
}

/** Until somebody was asked; answers what. */
export async function untilAsked(requestId: string, kind: string): Promise<WaitSummary> {
  const isAsked = (wait: WaitSummary) => wait.kind === kind && wait.role !== undefined;
  const { waits } = await untilRequest(requestId, `somebody was asked (${kind})`, (report) =>
    report.waits.some(isAsked),
  );
  const wait = waits.find(isAsked);
  if (!wait) throw new Error('It was there a moment ago.');
  return wait;
}

/**
 * Until a request has ended, and its latest execution too, which takes a moment more. Whichever
 * recipients are told of it acknowledge at once.
 */
export async function untilClosed(requestId: string) {
  const { request } = await untilRequest(
    requestId,
    'it was closed',
    ({ request: { status } }) => status === 'closed',
    ({ waits }) => acknowledgeAll(requestId, waits),
  );
  const execution = await until('its execution ended', async () => {
    const ended = await executionOf(requestId, request.attempt, request.kind);
    return ended.status === 'RUNNING' ? undefined : ended;
  });
  return { request, outcome: request.outcome as Outcome, execution };
}

export const decide = (target: string, option: string, as: Role, reason?: string) =>
  platform.desk.decide({ target, option, as, by, ...(reason !== undefined && { reason }) });

/** What a recipient does who has erased; what breaks on the way is done again by whoever typed. */
async function acknowledgeAll(requestId: string, waits: WaitSummary[]): Promise<void> {
  for (const { kind, recipient = '' } of waits)
    if (kind === 'acknowledgement') await type(await acknowledgementOf(requestId, recipient));
}

/** Of one attempt of a request. */
export const attemptArn = (requestId: string, attempt: number, kind: RequestKind): string => {
  const { DeleteCustomerDataArn = '', ExportDataArn = '' } = platform.outputs;
  const flow = isExport({ kind }) ? ExportDataArn : DeleteCustomerDataArn;
  return executionArn(flow, `${requestId}-${attempt}`);
};

export const stepFunctions = () => new SFNClient(platform.connection);

export async function stopExecution(
  requestId: string,
  attempt: number,
  kind: RequestKind = 'erasure',
): Promise<void> {
  const arn = attemptArn(requestId, attempt, kind);
  await stepFunctions().send(new StopExecutionCommand({ executionArn: arn }));
}

export interface EndedExecution {
  status: ExecutionStatus;
  error?: string;
}

export async function executionOf(
  requestId: string,
  attempt: number,
  kind: RequestKind = 'erasure',
): Promise<EndedExecution> {
  const sfn = stepFunctions();
  const arn = attemptArn(requestId, attempt, kind);
  const { status = 'RUNNING', error } = await sfn.send(
    new DescribeExecutionCommand({ executionArn: arn }),
  );
  return { status, ...(error !== undefined && { error }) };
}

export interface Certified {
  outcome: string;
  subjectCommitments: string[];
  dueOn: string;
  inTime: boolean;
  rounds: number;
  identities: { unique: Record<string, number>; shared: Record<string, number> };
  verification: Record<string, { answer: string; goneSince?: string; asks: number }>;
  refresh?: { cycleId: string; snapshotId?: string };
  proof?: { tables: number; rows: number; found: { kind: string; name: string; rows: number }[] };
  residue: {
    kind: string;
    name: string;
    rows: number;
    copies: number;
    in: string[];
    inactiveSince: string;
    deletedBy: string;
  }[];
  packagesPurged?: number;
  recipients?: { name: string; toldAt?: string; acknowledgedAt?: string }[];
  delivered?: { at: string; sha256: string; bytes: number; tables: number; rows: number };
  gaveUpOn: string[];
  closedBy?: { option: string; by: string; reasonCode: string };
}

export async function certificateOf(requestId: string): Promise<Certified> {
  const answer = await platform.desk.certificate(requestId);
  if (answer.outcome !== 'certified') throw new Error(`No certificate: ${answer.outcome}`);
  return answer.certificate as unknown as Certified;
}

/** How many rows of the active snapshot hold somebody, by table, and how many of each source. */
export async function holdingsOf(identities: Given[]) {
  // Others replace files of a source meanwhile, which cannot be read then.
  const found = await until('every source answers', async () => {
    const preview = await platform.desk.preview({ identities });
    if (preview.outcome !== 'found') throw new Error(preview.problems.join(' '));
    return preview.sources.some(({ answer }) => answer === 'unreachable') ? undefined : preview;
  });
  const active = found.tables.filter(({ where, rows }) => where === 'active' && rows > 0);
  return {
    sources: Object.fromEntries(found.sources.map(({ source, rows = 0 }) => [source, rows])),
    tables: Object.fromEntries(active.map(({ kind, name, rows }) => [`${kind} ${name}`, rows])),
  };
}
