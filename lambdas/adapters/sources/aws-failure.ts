import { types } from 'node:util';
import type { SourceFailureReason } from '../../domain/refresh.ts';
import { EngineError } from '../engine/engine-error.ts';
import { SourceFailure } from './source-failure.ts';

const AWS_REASONS: Record<string, [SourceFailureReason, string]> = {
  AccessDenied: ['accessDenied', 'may not be read by this function'],
  AccessDeniedException: ['accessDenied', 'may not be read by this function'],
  Forbidden: ['accessDenied', 'may not be read by this function'],
  NoSuchBucket: ['tableMissing', 'does not exist'],
  NoSuchKey: ['tableMissing', 'does not exist'],
  NotFound: ['tableMissing', 'does not exist'],
  ResourceNotFoundException: ['tableMissing', 'does not exist'],
  ThrottlingException: ['throttled', 'is throttled'],
  ProvisionedThroughputExceededException: ['throttled', 'is throttled'],
  RequestLimitExceeded: ['throttled', 'is throttled'],
  SlowDown: ['throttled', 'is throttled'],
  TimeoutError: ['timedOut', 'did not answer in time'],
};

/** Of AWS's answer; 0 where there is none. */
const statusOf = (error: Error): number =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;

const NETWORK = /ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|socket hang up/;

/** @param what is named in the words, e.g. `The bucket orders` */
export function awsFailure(error: unknown, what: string): SourceFailure | undefined {
  if (error instanceof EngineError) return engineFailure(error, what);
  if (!types.isNativeError(error)) return undefined;
  const known = AWS_REASONS[error.name];
  if (known) return new SourceFailure(known[0], `${what} ${known[1]}.`, { cause: error });
  const status = statusOf(error);
  if (status === 429 || status === 503)
    return new SourceFailure('throttled', `${what} is throttled.`, { cause: error });
  if (status >= 500)
    return new SourceFailure('connectionFailed', `${what} answered with an error of its own.`, {
      cause: error,
    });
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (NETWORK.test(`${code} ${error.message}`))
    return new SourceFailure('connectionFailed', `${what} could not be reached.`, { cause: error });
  if ('$metadata' in error)
    return new SourceFailure('unknown', `${what} answered ${error.name}.`, { cause: error });
  return undefined;
}

/** DuckDB's words on HTTP, as reasons. Where a file could not be parsed, its kind says so itself. */
export function engineFailure(error: EngineError, what: string): SourceFailure {
  const { kind, said } = error;
  const failed = (reason: SourceFailureReason, words: string) =>
    new SourceFailure(reason, `${what} ${words}.`, { cause: error });
  if (/HTTP (GET|HEAD)?.*\b403\b|HTTP 403|\(403\)/.test(said))
    return failed('accessDenied', 'may not be read by this function');
  if (/\b(429|503)\b/.test(said) && kind === 'HTTP') return failed('throttled', 'is throttled');
  if (/time(d)? ?out/i.test(said) && kind !== 'Invalid Input')
    return failed('timedOut', 'did not answer in time');
  if (kind === 'HTTP' && /\b404\b/.test(said)) return failed('tableMissing', 'does not exist');
  if (kind === 'HTTP' || (kind === 'IO' && /connect/i.test(said)))
    return failed('connectionFailed', 'could not be reached');
  return failed('unknown', `could not be read (${error.message})`);
}
