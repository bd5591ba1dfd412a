import { EXIT, type ExitCode } from './exit-codes.ts';

type ErrorKind = 'fault' | 'usage' | 'notFound';

/** A sentence for the reader, with its remedy; never with a value that somebody typed as identity. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly kind: ErrorKind,
    words: string,
    /** More for scripts, e.g. the fault's id. */
    readonly details: Record<string, string> = {},
    options?: ErrorOptions,
  ) {
    super(words, options);
  }

  get exitCode(): ExitCode {
    return EXIT[this.kind];
  }
}

export const usageError = (words: string) => new CommandError('usage', words);
