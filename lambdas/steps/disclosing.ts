import { all } from '../adapters/dynamo.ts';
import {
  type FaultRow,
  faultsOfExecution,
  faultsOfRequest,
  findFault,
  openFault,
} from '../adapters/faults.ts';
import { recordChange } from '../adapters/ledger.ts';
import { openerOf } from '../adapters/request-keys.ts';
import { findRequest, freeTextOf, readSubject } from '../adapters/requests.ts';
import type { Disclose, Disclosure } from '../domain/desk.ts';
import { CycleId, GatheringId, PassId, type RequestId, RunId } from '../domain/ids.ts';

/** The one answer that shows a person's identities, and what databases said. It is entered who looked. */
export async function discloseTarget({ target, by }: Disclose): Promise<Disclosure> {
  if (CycleId.safeParse(target).success) return discloseExecution(target, `cycle/${target}`, by);
  if (PassId.safeParse(target).success) return discloseExecution(target, 'platform', by);
  if (GatheringId.safeParse(target).success) return discloseExecution(target, 'platform', by);
  if (RunId.safeParse(target).success) return discloseExecution(target, `clean-up/${target}`, by);
  const request = await findRequest(target);
  if (request) return discloseRequest(request.requestId, by);
  const fault = await findFault(target);
  return fault ? discloseFaults([fault], target, 'platform', by) : { outcome: 'unknown' };
}

async function discloseRequest(requestId: RequestId, by: string): Promise<Disclosure> {
  const opener = await openerOf(requestId);
  if (!opener) return { outcome: 'unreadable' };
  await recordChange([], { chain: `request/${requestId}`, event: 'disclosed', by });
  const [sealed, freeText, faults] = await Promise.all([
    readSubject(requestId, opener),
    all(freeTextOf(requestId)),
    all(faultsOfRequest(requestId)),
  ]);
  const { seed = [], subject = { unique: [], shared: [] }, candidates = [] } = sealed ?? {};
  const resolved = subject.unique.length > 0 ? subject.unique : seed;
  return {
    outcome: 'disclosed',
    identities: [
      ...resolved.map((identity) => ({ ...identity, shared: false })),
      ...subject.shared.map((identity) => ({ ...identity, shared: true })),
    ],
    candidates: candidates.map((identity, index) => ({ number: index + 1, ...identity })),
    freeText: await Promise.all(
      freeText.map(async ({ sk, sealed: text }) => ({
        name: sk.slice('FREETEXT#'.length),
        text: await opener.open(text),
      })),
    ),
    faults: await Promise.all(faults.map((fault) => openFault(fault, opener))),
  };
}

const discloseExecution = async (execution: string, chain: string, by: string) =>
  discloseFaults(await all(faultsOfExecution(execution, new Date())), execution, chain, by);

/** Faults of no request: each day of them has a key. */
async function discloseFaults(
  rows: FaultRow[],
  of: string,
  chain: string,
  by: string,
): Promise<Disclosure> {
  if (rows.length > 0) {
    await recordChange([], { chain, event: 'faultsDisclosed', by, facts: { of } });
  }
  const days = [...new Set(rows.map(({ pk }) => pk))];
  const openers = new Map(
    await Promise.all(days.map(async (day) => [day, await openerOf(day)] as const)),
  );
  return {
    outcome: 'faultsDisclosed',
    faults: await Promise.all(rows.map((row) => openFault(row, openers.get(row.pk)))),
  };
}
