import { describe, expect, it } from '@jest/globals';
import { EngineError } from '../../lambdas/adapters/engine/engine-error.ts';
import { awsFailure } from '../../lambdas/adapters/sources/aws-failure.ts';

const reasonOf = (error: unknown) => awsFailure(error, 'The bucket')?.reason;

describe('what DuckDB says of an answer', () => {
  const said = (status: string) =>
    EngineError.from(
      new Error(`HTTP Error: HTTP GET error reading 's3://b/orders-403.csv' (HTTP ${status})`),
    );

  it.each([
    ['403 Forbidden', 'accessDenied'],
    ['404 Not Found', 'tableMissing'],
    ['429 Too Many Requests', 'throttled'],
    ['503 Slow Down', 'throttled'],
    ['500 Internal Server Error', 'connectionFailed'],
  ])('is taken from its status, not from the name of a file: %s', (status, reason) => {
    expect(reasonOf(said(status))).toBe(reason);
  });
});

describe('what AWS answers', () => {
  const named = (name: string) => Object.assign(new Error('no'), { name, $metadata: {} });

  it.each([
    ['TooManyRequestsException', 'throttled'],
    ['ExpiredTokenException', 'timedOut'],
    ['RequestTimeout', 'timedOut'],
    ['NoSuchBucket', 'tableMissing'],
    ['SomethingNew', 'unknown'],
  ])('is classed by its name: %s', (name, reason) => {
    expect(reasonOf(named(name))).toBe(reason);
  });

  it('is a failed connection when the system gave up the socket', () => {
    const error = Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' });
    expect(reasonOf(error)).toBe('connectionFailed');
  });

  it('is no fault of the source when it is none of AWS', () => {
    expect(reasonOf(new Error('of our own'))).toBeUndefined();
  });
});
