import { isExport, type Request } from './request.ts';

/** What keeps a request from being put on hold, in words; `undefined`: nothing does. */
export function whyNotHeld({
  kind,
  outcome,
  certifiedAt,
  closing,
  legalHold,
}: Partial<Pick<Request, 'kind'>> &
  Pick<Request, 'outcome' | 'certifiedAt' | 'closing' | 'legalHold'>): string | undefined {
  if (kind && isExport({ kind })) return 'It is an export, which erases nothing.';
  if (outcome) return `It has ended: ${outcome}. There is nothing left to hold.`;
  if (certifiedAt) return 'Its certificate is written, and its key is being deleted.';
  if (closing) return `It is ending as ${closing.option}, which deletes nothing in any source.`;
  if (legalHold) return `It is on hold since ${legalHold.since} already (${legalHold.reasonCode}).`;
  return undefined;
}

/** Of a request's own row: what `whyNotHeld` says, as the condition of the write that places a hold. */
export const MAY_BE_HELD =
  'attribute_exists(pk) AND attribute_not_exists(legalHold) AND attribute_not_exists(closing) AND attribute_not_exists(certifiedAt)';

/**
 * What keeps a step from doing what cannot be undone: a hold, or that the request has gone on to
 * another round, because it was released from one while the step waited.
 */
export function interruptionOf(
  { legalHold, round }: Pick<Request, 'legalHold' | 'round'>,
  inRound: number,
): { outcome: 'held' } | { outcome: 'nextRound' } | undefined {
  if (legalHold) return { outcome: 'held' };
  return round > inRound ? { outcome: 'nextRound' } : undefined;
}

/** The same, or that somebody has decided to close the request: then its flow goes on to certify that. */
export const stopOf = (
  request: Pick<Request, 'legalHold' | 'round' | 'closing'>,
  inRound: number,
): { outcome: 'closing' } | ReturnType<typeof interruptionOf> =>
  request.closing ? { outcome: 'closing' } : interruptionOf(request, inRound);

/** The same as the condition of the step's write; `:inRound` is its round. */
export const NOT_INTERRUPTED = 'attribute_not_exists(legalHold) AND round = :inRound';

/**
 * The round in which a released request goes on: the next one, because the sources may have taken
 * the person back while nobody asked. It counts beyond the platform's limit.
 */
export const afterHold = ({ round, extraRounds = 0 }: Pick<Request, 'round' | 'extraRounds'>) => ({
  legalHold: undefined,
  status: 'open' as const,
  round: round + 1,
  extraRounds: extraRounds + 1,
});
