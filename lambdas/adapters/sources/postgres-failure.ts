import { types } from 'node:util';
import type { SourceFailureReason } from '../../domain/refresh.ts';
import { EngineError } from '../engine/engine-error.ts';
import { awsFailure } from './aws-failure.ts';
import { SourceFailure } from './source-failure.ts';

/** SQLSTATE, whole or its class (PostgreSQL documentation, appendix A). */
const STATES: [state: string, reason: SourceFailureReason, words: string][] = [
  ['28', 'loginRefused', 'refused the login'],
  ['3D000', 'loginRefused', 'has no database of the name in the secret'],
  ['42P01', 'tableMissing', 'has no such table'],
  ['3F000', 'tableMissing', 'has no such table'],
  ['42703', 'columnMissing', 'lacks a declared column'],
  ['42501', 'accessDenied', 'does not let this user read the table'],
  ['25006', 'accessDenied', 'is read-only, and cannot take the temporary table of a question'],
  ['57014', 'timedOut', 'did not answer in time'],
  // A replica that has to apply a change ends the questions that stand in its way.
  ['40', 'timedOut', 'ended the question for the sake of another'],
  ['53', 'throttled', 'has no connection or memory left'],
  ['57P', 'connectionFailed', 'is starting or stopping'],
  ['08', 'connectionFailed', 'broke the connection'],
];

/** @param what e.g. `PostgreSQL at crm.example.com, table public.customers,` */
export function postgresFailure(error: unknown, what: string): SourceFailure | undefined {
  if (error instanceof EngineError) return scannerFailure(error, what);
  if (!types.isNativeError(error)) return undefined;
  const { code = '' } = error as NodeJS.ErrnoException;
  const state = STATES.find(([prefix]) => code.startsWith(prefix));
  if (state) return new SourceFailure(state[1], `${what} ${state[2]}.`, { cause: error });
  if (/timeout/i.test(error.message))
    return new SourceFailure('timedOut', `${what} did not answer in time.`, { cause: error });
  if (/Connection terminated/.test(error.message))
    return new SourceFailure('connectionFailed', `${what} broke the connection.`, { cause: error });
  if (/does not support SSL/.test(error.message))
    return new SourceFailure('loginRefused', `${what} does not offer TLS.`, { cause: error });
  const failure = awsFailure(error, what);
  if (failure) return failure;
  if (/^[0-9A-Z]{5}$/.test(code))
    return new SourceFailure('unknown', `${what} answered SQLSTATE ${code}.`, { cause: error });
  return undefined;
}

// The scanner passes on the server's words without their SQLSTATE.
function scannerFailure(error: EngineError, what: string): SourceFailure {
  const { said } = error;
  const failed = (reason: SourceFailureReason, words: string) =>
    new SourceFailure(reason, `${what} ${words}.`, { cause: error });
  if (/canceling statement/.test(said)) return failed('timedOut', 'did not answer in time');
  if (/permission denied/.test(said)) return failed('accessDenied', 'does not let this user read');
  if (/too many (connections|clients)|remaining connection slots/.test(said))
    return failed('throttled', 'has no connection left');
  if (/connect|terminat|server closed|SSL/i.test(said))
    return failed('connectionFailed', 'broke the connection');
  return failed('unknown', `could not be read (${error.message})`);
}
