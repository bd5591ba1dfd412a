import * as z from 'zod';
import { CommandError } from './command-error.ts';
import { DSR } from './words.ts';

const FunctionFailure = z.object({
  errorType: z.string().optional(),
  errorMessage: z.string().optional(),
});

const ULID = /\b[0-9A-HJKMNP-TV-Z]{26}\b/;

/** Names that the runtime gives to every failure, and that say nothing. */
const NAMELESS = new Set(['Error', 'Runtime.HandlerError']);

/**
 * A function's failure, as a sentence. Its message is not repeated: messages of databases quote
 * values. Of it, only the class, the fault's id and a time-out are taken.
 */
export function functionFault(functionName: string, payload: unknown): CommandError {
  const { errorType, errorMessage = '' } = FunctionFailure.catch({}).parse(payload);
  const faultId = ULID.exec(errorMessage)?.[0];
  const seconds = /timed out after ([\d.]+) seconds/.exec(errorMessage)?.[1];
  const written = faultId && /^([A-Za-z][\w.]*)/.exec(errorMessage)?.[1];
  const faultClass =
    (errorType !== undefined && !NAMELESS.has(errorType) ? errorType : written) ?? 'Error';
  const what = seconds === undefined ? `failed: ${faultClass}` : `took longer than ${seconds} s`;
  return new CommandError(
    'fault',
    faultId === undefined
      ? `${functionName} ${what}. Its log group has more.`
      : `${functionName} ${what} (fault ${faultId}). \`${DSR} show ${faultId}\` has its message.`,
    { class: faultClass, ...(faultId === undefined ? {} : { faultId }) },
  );
}
