import type { SourceFailureReason } from './refresh.ts';

/** What a source says of one subject. Only `gone` is gone. */
export type SourceAnswer =
  | { answer: 'gone' }
  | { answer: 'stillHeld'; rows: number }
  /** A type that this source declares and cannot match. */
  | { answer: 'cannotTell'; types: string[] }
  | { answer: 'unreachable'; reason: SourceFailureReason };
