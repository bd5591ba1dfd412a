import * as z from 'zod';
import { Actor } from '../desk.ts';
import { MailId } from './inbound.ts';
import type { FateWord } from './recorded.ts';

/** One message that came in. Without a fate it is being handled, or its handling failed. */
export interface ListedMail {
  mailId: string;
  /** ISO 8601 UTC. */
  receivedAt: string;
  fate?: FateWord;
  reason?: string;
  header?: string;
  requestIds: string[];
}

/** Without a message: whatever came to no end and is due. */
export const RereadMail = z.union([
  z.strictObject({ mailId: MailId, by: Actor }),
  z.object({ mailId: z.undefined().optional() }),
]);
/** `onItsWay`: the call for it may still come. */
export type RereadAnswer =
  | { outcome: 'unknown' | 'gone' | 'onItsWay' }
  /** It had a fate before, and nothing was done. */
  | { outcome: 'alreadyHandled'; fate: FateWord }
  | { outcome: 'handled'; fate: FateWord };

export const DiscloseMail = z.strictObject({ mailId: MailId, by: Actor });
export type DisclosedMail =
  | { outcome: 'unknown' | 'gone' | 'unreadable' }
  | {
      outcome: 'disclosed';
      /** As its header says, and as nobody may have checked. */
      from?: string;
      subject: string;
      /** What the sender wrote above what is quoted. */
      lines: string[];
    };
