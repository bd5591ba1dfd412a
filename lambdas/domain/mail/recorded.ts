import type { Fate } from './fate.ts';

/** What one wish, code or decision came to: an outcome's word, and counts. */
export interface MailResult {
  outcome: string;
  requestId?: string;
  triesLeft?: number;
}

/** `unhandled`: reading it failed, however often it was tried. */
export type FateWord = Fate['fate'] | 'duplicate' | 'limited' | 'unhandled';

/** What became of one message, as it is recorded, once. Holds nothing that points at a person. */
export interface RecordedFate {
  fate: FateWord;
  reason?: string;
  header?: string;
  results: MailResult[];
  /**
   * The operator is told: once an hour that messages lie in quarantine or that too many came, and
   * of each that could not be handled.
   */
  notice?: 'quarantine' | 'limit' | 'unhandled';
}

/** The words of a fate that are opaque: neither wishes nor codes. */
export const opaqueWords = (fate: Fate): Pick<RecordedFate, 'fate' | 'reason' | 'header'> => ({
  fate: fate.fate,
  ...('reason' in fate && { reason: fate.reason }),
  ...('header' in fate && fate.header !== undefined && { header: fate.header }),
});
