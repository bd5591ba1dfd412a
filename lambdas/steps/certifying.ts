import { randomBytes } from 'node:crypto';
import { certificateWritten } from '../adapters/certificates.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import { outstanding, residueCopies } from '../adapters/outstanding.ts';
import { getRequest, getSubject, readSealed, sealedRow } from '../adapters/requests.ts';
import { type Done, findResult } from '../adapters/results.ts';
import { type Certificate, commitment, countByType } from '../domain/certificate.ts';
import type { CycleResult } from '../domain/cycle-result.ts';
import { RequestId } from '../domain/ids.ts';
import { dayIn } from '../domain/legal-clock.ts';
import { outcomeOf } from '../domain/request.ts';
import type { SourceState } from '../domain/verification.ts';

/** Writes the certificate, and seals its secret until the requester has been told. */
export async function certifyRequest(
  requestId: RequestId,
  round: number,
): Promise<Done<{ outcome: string }>> {
  const secret = randomBytes(32).toString('base64url');
  const certificate = await certificateOf(requestId, round, secret);
  const sealed = await sealedRow(requestId, 'SECRET', secret);
  const residue = await outstandingResidue(certificate, round);
  return {
    result: { outcome: certificate.outcome },
    facts: { outcome: certificate.outcome, inTime: certificate.inTime },
    changes: { certifiedAt: certificate.certifiedAt },
    // A decision to close that came a moment ago changes what is certified.
    condition: certificate.closedBy ? 'attribute_exists(closing)' : 'attribute_not_exists(closing)',
    writes: [certificateWritten(certificate), ...(sealed ? [sealed] : []), ...residue],
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
): Promise<Certificate> {
  const { platform } = platformDefinition();
  const [request, { subject }, result, verification] = await Promise.all([
    getRequest(requestId),
    getSubject(requestId),
    findResult<CycleResult>(requestId, 'cycleResult', round),
    findResult<{ sources: Record<string, SourceState> }>(requestId, 'verification', round),
  ]);
  const now = new Date();
  const { closing } = request;
  return {
    version: 1,
    platform: platform.platform,
    platformHash: request.platformHash,
    requestId,
    kind: request.kind,
    outcome: outcomeOf(request),
    subjectCommitment: commitment([...subject.unique, ...subject.shared], secret),
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
    refresh: result && {
      cycleId: result.cycleId,
      snapshotId: result.snapshotId,
      // Not why: the words may name a file, and a file may be named after a person.
      failedSources: result.failedSources.map(({ source, status }) => ({ source, status })),
    },
    proof: result?.snapshotId
      ? {
          ...result.scanned,
          found: result.found,
          sharedWithOthers: result.sharedWithOthers,
        }
      : undefined,
    residue: (result?.residue ?? []).map((place) => ({
      ...place,
      afterDeadline: place.deletedBy > request.dueOn,
    })),
    gaveUpOn: request.gaveUpOn,
    closedBy: closing && { option: closing.option, by: closing.by, reasonCode: closing.reasonCode },
  };
}

export const readProofSecret = (requestId: RequestId): Promise<string | undefined> =>
  readSealed(requestId, 'SECRET');
