import { randomBytes } from 'node:crypto';
import { certificateWritten } from '../adapters/certificates.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import { endOf } from '../adapters/ledger-ends.ts';
import { outstanding, residueCopies } from '../adapters/outstanding.ts';
import {
  getRequest,
  getSubject,
  type RequestRow,
  readSealed,
  sealedRow,
} from '../adapters/requests.ts';
import { type Done, findResult, resultsUntil, unlessInterrupted } from '../adapters/results.ts';
import { sign } from '../adapters/signing.ts';
import { type Certificate, commitments, countByType } from '../domain/certificate.ts';
import type { CycleResult } from '../domain/cycle-result.ts';
import { digestOf } from '../domain/evidence/jws.ts';
import { RequestId } from '../domain/ids.ts';
import { dayIn } from '../domain/local-day.ts';
import { recipientsTold } from '../domain/recipients.ts';
import { isExport, outcomeOf } from '../domain/request.ts';
import type { SourceState } from '../domain/verification.ts';
import { proofOf, refreshOf } from './certified-cycle.ts';
import { findPackage } from './made-package.ts';
import { suppressionOf } from './suppressing.ts';
import { askedOf } from './telling-recipients.ts';

/** Writes the certificate, signed, and seals its secret until the requester has been told. */
export async function certifyRequest(
  requestId: RequestId,
  round: number,
): Promise<Done<{ outcome: string }>> {
  const secret = randomBytes(32).toString('base64url');
  const { certificate, writes } = await certificateOf(requestId, round, secret);
  const jws = await sign(certificate, 'dsr-certificate');
  const sealed = await sealedRow(requestId, 'SECRET', secret);
  const { outcome, inTime } = certificate;
  const uninterrupted = unlessInterrupted(round);
  const residue = await outstandingResidue(certificate, round);
  return {
    result: { outcome },
    facts: { outcome, inTime, certificate: digestOf(jws) },
    changes: { certifiedAt: certificate.certifiedAt },
    // A decision to close that came a moment ago changes what is certified.
    condition: `${certificate.closedBy ? 'attribute_exists(closing)' : 'attribute_not_exists(closing)'} AND ${uninterrupted.condition}`,
    values: uninterrupted.values,
    writes: [
      certificateWritten(requestId, jws),
      ...(sealed ? [sealed] : []),
      ...writes,
      ...residue,
    ],
  };
}

/** What the certificate names as residue, so that the clean-up completes it when that is gone. */
async function outstandingResidue(
  { requestId, residue, certifiedAt }: Certificate,
  round: number,
): Promise<Write[]> {
  if (residue.length === 0) return [];
  const copies = await residueCopies(requestId, round);
  return copies
    ? [outstanding({ requestId: RequestId.parse(requestId), certifiedAt, copies })]
    : [];
}

async function certificateOf(
  requestId: RequestId,
  round: number,
  secret: string,
): Promise<{ certificate: Certificate; writes: Write[] }> {
  const { platform } = platformDefinition();
  const [request, { seed, subject }, result, verification, told, purged, ledger] =
    await Promise.all([
      getRequest(requestId),
      getSubject(requestId),
      findResult<CycleResult>(requestId, 'cycleResult', round),
      findResult<{ sources: Record<string, SourceState> }>(requestId, 'verification', round),
      askedOf(requestId),
      purgedUntil(requestId, round),
      endOf(`request/${requestId}`),
    ]);
  const [refresh, proof] = await Promise.all([refreshOf(result), proofOf(result, subject)]);
  const now = new Date();
  const { closing } = request;
  const outcome = outcomeOf(request);
  const { writes, ...kept } = isExport(request)
    ? { writes: [], exceptions: [] }
    : await suppressionOf({ requestId, outcome }, subject.unique, now);
  const certificate: Certificate = {
    version: 2,
    platform: platform.platform,
    timeZone: platform.timeZone,
    platformHash: request.platformHash,
    requestId,
    kind: request.kind,
    outcome,
    // Those given too: who cancels before anybody was looked for is named all the same.
    subjectCommitments: commitments([...seed, ...subject.unique, ...subject.shared], secret),
    receivedAt: request.receivedAt,
    dueOn: request.dueOn,
    certifiedAt: now.toISOString(),
    inTime: dayIn(platform.timeZone, now) <= request.dueOn,
    rounds: round,
    identities: { unique: countByType(subject.unique), shared: countByType(subject.shared) },
    verification: Object.fromEntries(
      Object.entries(verification?.sources ?? {}).map(([source, state]) => [
        source,
        {
          answer: state.answer,
          askedAt: state.askedAt,
          goneSince: state.goneSince,
          asks: state.asks,
        },
      ]),
    ),
    refresh,
    proof,
    residue: (result?.residue ?? []).map((place) => ({
      ...place,
      afterDeadline: place.deletedBy > request.dueOn,
    })),
    ...kept,
    ...(told.length > 0 && { recipients: recipientsTold(told, platform.recipients) }),
    packagesPurged: purged,
    delivered: await deliveredOf(request),
    gaveUpOn: request.gaveUpOn,
    closedBy: closing && { option: closing.option, by: closing.by, reasonCode: closing.reasonCode },
    ledger,
  };
  return { certificate, writes };
}

async function purgedUntil(requestId: RequestId, round: number): Promise<number | undefined> {
  const purged = await resultsUntil<{ packages: number }>(requestId, 'purgePackages', round);
  return purged.length === 0 ? undefined : purged.reduce((sum, { packages }) => sum + packages, 0);
}

async function deliveredOf({ requestId, deliveredAt }: RequestRow) {
  if (!deliveredAt) return undefined;
  const made = await findPackage(requestId);
  if (!made) throw new Error('Something was delivered that was never made.');
  const { sha256, bytes, tables, rows } = made;
  return { at: deliveredAt, sha256, bytes, tables, rows };
}

export const readProofSecret = (requestId: RequestId): Promise<string | undefined> =>
  readSealed(requestId, 'SECRET');
