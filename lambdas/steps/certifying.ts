import { randomBytes } from 'node:crypto';
import { certificateWritten } from '../adapters/certificates.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { getRequest, getSubject, readSealed, sealedRow } from '../adapters/requests.ts';
import { type Done, findResult } from '../adapters/results.ts';
import { type Certificate, commitment, countByType, type Proof } from '../domain/certificate.ts';
import type { CycleResult } from '../domain/cycle-result.ts';
import type { IdentityType, Subject } from '../domain/identity.ts';
import type { RequestId } from '../domain/ids.ts';
import { dayIn } from '../domain/legal-clock.ts';
import { outcomeOf } from '../domain/request.ts';
import { exceptionsOf } from '../domain/undeclared.ts';
import type { SourceState } from '../domain/verification.ts';
import { WantedWithin } from '../domain/within-text/wanted.ts';

/** Writes the certificate, and seals its secret until the requester has been told. */
export async function certifyRequest(
  requestId: RequestId,
  round: number,
): Promise<Done<{ outcome: string }>> {
  const secret = randomBytes(32).toString('base64url');
  const certificate = await certificateOf(requestId, round, secret);
  const sealed = await sealedRow(requestId, 'SECRET', secret);
  return {
    result: { outcome: certificate.outcome },
    facts: { outcome: certificate.outcome, inTime: certificate.inTime },
    changes: { certifiedAt: certificate.certifiedAt },
    // A decision to close that came a moment ago changes what is certified.
    condition: certificate.closedBy ? 'attribute_exists(closing)' : 'attribute_not_exists(closing)',
    writes: [certificateWritten(certificate), ...(sealed ? [sealed] : [])],
  };
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
    proof: result?.snapshotId ? proofOf(result, subject) : undefined,
    residue: (result?.residue ?? []).map((place) => ({
      ...place,
      afterDeadline: place.deletedBy > request.dueOn,
    })),
    gaveUpOn: request.gaveUpOn,
    closedBy: closing && { option: closing.option, by: closing.by, reasonCode: closing.reasonCode },
  };
}

function proofOf(
  { scanned, found, foundUndeclared, sharedWithOthers }: CycleResult,
  { unique }: Subject,
): Proof {
  const { platform } = platformDefinition();
  const types = platform.identityTypes as Record<string, IdentityType>;
  const { tables, rows, deep } = scanned;
  return {
    tables,
    rows,
    search: deep === tables ? 'deep' : 'declared',
    found,
    foundUndeclared,
    sharedWithOthers,
    exceptions: exceptionsOf(platform),
    notWithinTexts: unique.length - new WantedWithin(unique, types).size,
  };
}

export const readProofSecret = (requestId: RequestId): Promise<string | undefined> =>
  readSealed(requestId, 'SECRET');
