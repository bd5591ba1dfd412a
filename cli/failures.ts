import { CommandError } from './command-error.ts';
import type { Connection } from './connection.ts';

const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET']);
const SIGNED_OUT = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);

/** What an SDK threw, as a sentence with its remedy. */
export function inWords(error: unknown, { endpoint, stackName }: Connection): CommandError {
  if (error instanceof CommandError) return error;
  const { name, code, message } = knownParts(error);
  const place = endpoint ?? 'AWS';
  const say = (words: string) =>
    new CommandError('fault', words, { class: name }, { cause: error });

  if (UNREACHABLE.has(code) || name === 'TimeoutError') {
    return say(
      endpoint === undefined
        ? 'AWS cannot be reached. Is there a network? For a local run, start `npm start` first.'
        : `Nothing answers at ${endpoint}. Start it with \`npm start\` in another terminal, or name another with --endpoint-url.`,
    );
  }
  if (SIGNED_OUT.has(name)) {
    return say(
      'There are no valid AWS credentials. Sign in (for example `aws sso login`) and set AWS_PROFILE, or run `npm start` and try again.',
    );
  }
  if (/region is missing/i.test(message)) {
    return say('It is not known which AWS region is meant. Set AWS_REGION.');
  }
  if (name === 'ValidationError' && /does not exist/.test(message)) {
    return say(
      `There is no stack ${stackName} at ${place}. Name yours with --stack or DSR_STACK, or deploy it first.`,
    );
  }
  if (/AccessDenied/.test(name)) {
    return say(
      `Your credentials may not do this at ${place}. They need cloudformation:DescribeStacks on the stack, and lambda:InvokeFunction on the functions that it names; for the ledger, the right to read its table and the bucket of evidence.`,
    );
  }
  if (name === 'TooManyRequestsException' || /Throttl/.test(name)) {
    return say(`${place} is busy just now (${name}). Try again in a minute.`);
  }
  return say(
    `${place} answered with ${name}. Try again; if it stays so, look at the stack ${stackName}.`,
  );
}

/** Errors of sockets come wrapped: as the cause, or several at once. */
function knownParts(error: unknown): { name: string; code: string; message: string } {
  if (!(error instanceof Error)) return { name: 'Error', code: '', message: '' };
  const inner = error instanceof AggregateError ? error.errors[0] : undefined;
  const code = [error, inner, error.cause]
    .map((candidate) => (candidate as { code?: unknown } | undefined)?.code)
    .find((candidate) => typeof candidate === 'string');
  return { name: error.name, code: code ?? '', message: error.message };
}
