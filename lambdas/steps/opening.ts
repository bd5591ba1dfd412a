import { ulid } from 'ulid';
import { platformDefinition } from '../adapters/configuration.ts';
import { recordChange } from '../adapters/ledger.ts';
import { recognise } from '../adapters/recognition.ts';
import { newKey } from '../adapters/request-keys.ts';
import { newRequest, type SealedSubject, sealedText } from '../adapters/requests.ts';
import { claimed, openRequestFor } from '../adapters/same-requests.ts';
import type { OpenedRequest, OpenRequest } from '../domain/desk.ts';
import { lackingForExport } from '../domain/export/contents.ts';
import { RequestId } from '../domain/ids.ts';
import { readIdentities, readReceivedAt } from '../domain/intake.ts';
import { legalDeadline } from '../domain/legal-clock.ts';
import { isExport, type Request } from '../domain/request.ts';
import { startAttempt } from './attempts.ts';

/** Accepts a request: recorded with everything that it needs, then started. */
export async function openRequest(asked: OpenRequest, now: Date): Promise<OpenedRequest> {
  const { platform, hash } = platformDefinition();
  const { identities, problems } = readIdentities(platform, asked.identities);
  const receivedAt = readReceivedAt(asked.receivedAt, now);
  if (receivedAt === undefined) {
    problems.push(
      'receivedAt: this lies in the future. Give the time at which the request came in.',
    );
  }
  const { kind, subjectKind, channel } = asked;
  if (subjectKind === 'user' && kind === 'erasure') {
    problems.push('subjectKind: users are exported here, and not erased. Ask for a customer.');
  }
  if (kind !== 'erasure') problems.push(...lackingForExport(platform, kind));
  if (receivedAt === undefined || problems.length > 0) return { outcome: 'invalid', problems };

  const requestId = RequestId.parse(ulid());
  const sameAs = await recognise(identities, [kind, subjectKind]);
  const key = await newKey(requestId);
  const clock = legalDeadline(receivedAt, platform);
  const subject: SealedSubject = {
    seed: identities,
    subject: { unique: [], shared: [] },
    candidates: [],
    ambiguities: [],
    answers: [],
  };
  const request: Request = {
    requestId,
    kind,
    ...(subjectKind === 'user' && { subjectKind }),
    ...(channel && { channel }),
    ...((asked.confirm || isExport({ kind })) && { confirm: true as const }),
    status: 'open',
    receivedAt,
    openedAt: now.toISOString(),
    ...clock,
    round: 1,
    attempt: 1,
    restarts: 0,
    without: [],
    gaveUpOn: [],
    bound: platform.limits.identities,
    sameAs,
    platformHash: hash,
  };
  const sealed = async (name: string, text: string) =>
    sealedText(requestId, name, await key.seal(text), now);
  const recorded = await recordChange(
    [
      claimed(sameAs, requestId),
      key.write,
      newRequest(request),
      await sealed('SUBJECT', JSON.stringify(subject)),
      ...(asked.reference ? [await sealed('FREETEXT#reference', asked.reference)] : []),
    ],
    {
      chain: `request/${requestId}`,
      event: 'requestReceived',
      by: asked.by,
      facts: { kind, subjectKind, channel, receivedAt, dueOn: clock.dueOn, platformHash: hash },
    },
  );
  if (recorded === 'refused') {
    const open = await openRequestFor(sameAs);
    if (open) return { outcome: 'alreadyOpen', requestId: open };
    throw new Error('A request for the same identities has just closed; ask again.');
  }
  await startAttempt(request, 1);
  return { outcome: 'opened', requestId, ...clock, timeZone: platform.timeZone };
}
