import { types } from 'node:util';
import type { ExtractOutcome, SourceFailureReason } from '../../domain/refresh.ts';
import type { SourceAnswer } from '../../domain/source-answer.ts';
import type { AskedSubject } from '../source.ts';

/**
 * The world refused. The message is for people, and holds no value of any row; nor the address after
 * which somebody named a file.
 */
export class SourceFailure extends Error {
  override name = 'SourceFailure';
  readonly reason: SourceFailureReason;

  constructor(reason: SourceFailureReason, words: string, options?: ErrorOptions) {
    super(words.replace(ADDRESSES, '…@…'), options);
    this.reason = reason;
  }
}

const ADDRESSES = /[^\s/"']+@[\p{L}\p{N}.-]*[\p{L}\p{N}]/gu;

/** Recognises an error of the world; `undefined` for faults of our own, which are thrown on. */
export type Classify = (error: unknown) => SourceFailure | undefined;

export async function asOutcome(
  extracting: Promise<ExtractOutcome>,
  classify: Classify,
): Promise<ExtractOutcome> {
  try {
    return await extracting;
  } catch (error) {
    const failure = failureOf(error, classify);
    const said = types.isNativeError(failure.cause) ? failure.cause : failure;
    return { outcome: 'failed', reason: failure.reason, cause: failure.message, error: said };
  }
}

export async function asAnswers(
  subjects: AskedSubject[],
  asking: Promise<Map<string, SourceAnswer>>,
  classify: Classify,
): Promise<Map<string, SourceAnswer>> {
  try {
    return await asking;
  } catch (error) {
    const { reason } = failureOf(error, classify);
    return new Map(
      subjects.map(({ requestId }) => [requestId, { answer: 'unreachable', reason }] as const),
    );
  }
}

export const asFailure = <T>(reading: Promise<T>, classify: Classify): Promise<T> =>
  reading.catch((error: unknown) => {
    throw failureOf(error, classify);
  });

function failureOf(error: unknown, classify: Classify): SourceFailure {
  const failure = error instanceof SourceFailure ? error : classify(error);
  if (!failure) throw error;
  return failure;
}
