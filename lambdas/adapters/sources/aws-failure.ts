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
  TooManyRequestsException: ['throttled', 'is throttled'],
  // Credentials of a function last for hours; the next attempt has new ones.
  ExpiredToken: ['timedOut', 'was asked with credentials that have expired'],
  ExpiredTokenException: ['timedOut', 'was asked with credentials that have expired'],
  RequestTimeout: ['timedOut', 'did not answer in time'],
  TimeoutError: ['timedOut', 'did not answer in time'],
};

/** Of AWS's answer; 0 where there is none. */
const statusOf = (error: Error): number =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;

const NETWORK = /ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH|socket hang up/;

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

/** `HTTP 503` or `HTTP code 503`: not a number in the name of a file. */
const statusSaid = (said: string): string | undefined =>
  /\bHTTP (?:code )?(\d{3})\b/.exec(said)?.[1];

/** DuckDB's words on HTTP, as reasons. Where a file could not be parsed, its kind says so itself. */
export function engineFailure(error: EngineError, what: string): SourceFailure {
  const { kind, said } = error;
  const failed = (reason: SourceFailureReason, words: string) =>
    new SourceFailure(reason, `${what} ${words}.`, { cause: error });
  const status = statusSaid(said);
  if (status === '403') return failed('accessDenied', 'may not be read by this function');
  if (status === '429' || status === '503') return failed('throttled', 'is throttled');
  if (/time(d)? ?out/i.test(said) && kind !== 'Invalid Input')
    return failed('timedOut', 'did not answer in time');
  if (status === '404') return failed('tableMissing', 'does not exist');
  if (kind === 'HTTP' || (kind === 'IO' && /connect/i.test(said)))
    return failed('connectionFailed', 'could not be reached');
  return failed('unknown', `could not be read (${error.message})`);
}
