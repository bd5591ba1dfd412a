import { randomBytes } from 'node:crypto';
import { certificateWritten } from '../adapters/certificates.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { endOf } from '../adapters/ledger-ends.ts';
import { getRequest, getSubject, readSealed, sealedRow } from '../adapters/requests.ts';
import { type Done, findResult } from '../adapters/results.ts';
import { sign } from '../adapters/signing.ts';
import { type Certificate, commitments, countByType, digestOf } from '../domain/certificate.ts';
import type { CycleResult } from '../domain/cycle-result.ts';
import type { RequestId } from '../domain/ids.ts';
import { dayIn } from '../domain/legal-clock.ts';
import { outcomeOf } from '../domain/request.ts';
import type { SourceState } from '../domain/verification.ts';
import { proofOf, refreshOf } from './certified-cycle.ts';

/** Writes the certificate, signed, and seals its secret until the requester has been told. */
export async function certifyRequest(
  requestId: RequestId,
  round: number,
): Promise<Done<{ outcome: string }>> {
  const secret = randomBytes(32).toString('base64url');
  const certificate = await certificateOf(requestId, round, secret);
  const jws = await sign(certificate, 'dsr-certificate');
  const sealed = await sealedRow(requestId, 'SECRET', secret);
  const { outcome, inTime } = certificate;
  return {
    result: { outcome },
    facts: { outcome, inTime, certificate: digestOf(jws) },
    changes: { certifiedAt: certificate.certifiedAt },
    // A decision to close that came a moment ago changes what is certified.
    condition: certificate.closedBy ? 'attribute_exists(closing)' : 'attribute_not_exists(closing)',
    writes: [certificateWritten({ certificate, jws }), ...(sealed ? [sealed] : [])],
  };
}

async function certificateOf(
  requestId: RequestId,
  round: number,
  secret: string,
): Promise<Certificate> {
  const { platform } = platformDefinition();
  const [request, { seed, subject }, result, verification, ledger] = await Promise.all([
    getRequest(requestId),
    getSubject(requestId),
    findResult<CycleResult>(requestId, 'cycleResult', round),
    findResult<{ sources: Record<string, SourceState> }>(requestId, 'verification', round),
    endOf(`request/${requestId}`),
  ]);
  const [refresh, proof] = await Promise.all([refreshOf(result), proofOf(result)]);
  const now = new Date();
  const { closing } = request;
  return {
    version: 2,
    platform: platform.platform,
    timeZone: platform.timeZone,
    platformHash: request.platformHash,
    requestId,
    kind: request.kind,
    outcome: outcomeOf(request),
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
    exceptions: [],
    gaveUpOn: request.gaveUpOn,
    closedBy: closing && { option: closing.option, by: closing.by, reasonCode: closing.reasonCode },
    ledger,
  };
}

export const readProofSecret = (requestId: RequestId): Promise<string | undefined> =>
  readSealed(requestId, 'SECRET');
