import { EXIT, type ExitCode } from './exit-codes.ts';
import { DSR } from './words.ts';

/** What a command came to: one document for scripts, words for people, an exit code for both. */
export interface Reply {
  document: unknown;
  words: string;
  exitCode: ExitCode;
  /** What must be known beside it: above the words, or on standard error beside the document. */
  notice?: string;
}

export const reply = (document: unknown, words: string, exitCode: ExitCode = EXIT.done): Reply => ({
  document,
  words,
  exitCode,
});

export const noSuchRequest = (requestId: string): Reply =>
  reply(
    { outcome: 'unknown' },
    `There is no request ${requestId}. \`${DSR} list\` shows those that there are.`,
    EXIT.notFound,
  );

export const withNotice = (answer: Reply, notice: string | undefined): Reply =>
  notice === undefined ? answer : { ...answer, notice };
