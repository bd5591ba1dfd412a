import { findCertificate, findCompletion } from '../adapters/certificates.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { all } from '../adapters/dynamo.ts';
import { faultsOfRequest } from '../adapters/faults.ts';
import { findRequest, type RequestRow, requestsListed } from '../adapters/requests.ts';
import { resultsOf } from '../adapters/results.ts';
import { verifyingRows } from '../adapters/verifying.ts';
import type { Completion } from '../domain/completion.ts';
import type { QueryAnswers } from '../domain/desk.ts';
import type { ListedRequest, RequestStatusReport } from '../domain/desk-reports.ts';
import { payloadOf } from '../domain/evidence/jws.ts';
import type { RequestId } from '../domain/ids.ts';
import { statusShown, type WaitSummary } from '../domain/request.ts';
import { LINE_NAMES, LINES } from '../domain/turn.ts';
import { openWaits } from './open-waits.ts';
import { reportCycleOf } from './reporting-cycle.ts';

/** What people may read without any key: ids, counts, words and times. Newest first. */
export async function listRequests(status?: 'open' | 'closed'): Promise<ListedRequest[]> {
  const listed = status ? [status] : (['open', 'closed'] as const);
  const rows = (await Promise.all(listed.map((name) => all(requestsListed(name))))).flat();
  rows.sort((a, b) => (a.requestId < b.requestId ? 1 : -1));
  const { timeZone } = platformDefinition().platform;
  return Promise.all(
    rows.map(async ({ requestId, kind, status, outcome, receivedAt, dueOn }) => {
      const waits = status === 'closed' ? [] : await openWaits(requestId);
      const shown = statusShown(status, waits);
      return { requestId, kind, status: shown, outcome, receivedAt, dueOn, timeZone, waits };
    }),
  );
}

export async function reportRequest(requestId: RequestId): Promise<QueryAnswers['status']> {
  const row = await findRequest(requestId);
  if (!row) return { outcome: 'unknown' };
  const [waits, steps, faults, verifying, cycle, completion] = await Promise.all([
    waitsIncludingLines(requestId),
    all(resultsOf(requestId)),
    all(faultsOfRequest(requestId)),
    all(verifyingRows(requestId)),
    reportCycleOf(row),
    findCompletion(requestId),
  ]);
  const recorded = steps.findLast(({ step }) => step === 'verification')?.result;
  const verification = (verifying[0]?.sources ??
    recorded?.sources ??
    {}) as RequestStatusReport['verification'];
  return {
    request: { ...publicPart(row), status: statusShown(row.status, waits) },
    timeZone: platformDefinition().platform.timeZone,
    waits,
    verification,
    cycle,
    residueGoneAt: completion && payloadOf<Completion>(completion).completedAt,
    steps: steps
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ step, round, at, result }) => ({ step, round, at, result: counts(result) })),
    faults: faults.map(({ sk, step, class: faultClass, at }) => ({
      faultId: sk.slice('FAULT#'.length),
      step,
      class: faultClass,
      at,
    })),
  };
}

/** When a line has stopped, what waits in it waits for whoever resumes the line. */
async function waitsIncludingLines(requestId: string): Promise<WaitSummary[]> {
  const own = await openWaits(requestId);
  const lines = LINE_NAMES.map((name) => LINES[name]).filter(({ waitedForBy }) =>
    own.some(({ kind }) => kind === waitedForBy),
  );
  const stopped = await Promise.all(lines.map(({ owner }) => openWaits(owner)));
  return [...own, ...stopped.flat()];
}

function publicPart({
  pk: _pk,
  sk: _sk,
  listed: _listed,
  sameAs: _sameAs,
  ...request
}: RequestRow) {
  return request;
}

/** Words and counts of a result; lists are in the certificate. */
const counts = (result: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(result).filter(([, value]) => typeof value !== 'object'));

export async function reportCertificate(
  requestId: RequestId,
): Promise<QueryAnswers['certificate']> {
  const request = await findRequest(requestId);
  if (!request) return { outcome: 'unknown' };
  const [certified, completed] = request.outcome
    ? await Promise.all([findCertificate(requestId), findCompletion(requestId)])
    : [];
  if (!certified) return { outcome: 'notYet' };
  return {
    outcome: 'certified',
    certificate: payloadOf(certified),
    jws: certified,
    completion: completed ? { completion: payloadOf(completed), jws: completed } : undefined,
  };
}
