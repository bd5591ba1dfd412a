import type { Identity } from './identity.ts';
import type { SourceFailureReason } from './refresh.ts';

/** What a source says of one subject. Only `gone` is gone. */
export type SourceAnswer =
  | { answer: 'gone' }
  | {
      answer: 'stillHeld';
      rows: number;
      /** What else stands in those rows and points at the person: it goes when the rows go. */
      linked?: Identity[];
    }
  /** A type that this source declares and cannot match. */
  | { answer: 'cannotTell'; types: string[] }
  | { answer: 'unreachable'; reason: SourceFailureReason };
