/** What the door reads of one inbound message, and nothing else of it. */
export interface Message {
  /** The one author, normalised; absent when the header names nobody, several, or can be read in two ways. */
  from?: string;
  /** Headers that may stand once, and do not; lower-case. */
  repeated: string[];
  messageId?: string;
  date?: string;
  subject: string;
  /** What the sender wrote: everything above what is quoted, forwarded or signed. */
  ownLines: string[];
  /** The requests that the subject names, or else the text, what is quoted included. */
  requestIds: string[];
  /** No person wrote it: what it is, and the header that told. */
  automatic?: { reason: 'autoReply' | 'bounce' | 'list'; header: string };
}

export type ReadMessage =
  | { outcome: 'read'; message: Message }
  /** Nested or padded beyond what a letter is. */
  | { outcome: 'unreadable' };
