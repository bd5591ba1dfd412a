import type { Identity } from '../identity.ts';
import { CycleId } from '../ids.ts';
import type { Platform } from '../platform.ts';
import type { Admin } from '../registered-admin.ts';
import { comparable } from './author.ts';
import { isRobot } from './automatic.ts';
import type { Message, ReadMessage } from './message.ts';
import { isOwn, type MailRole, recipientOf, rolesOf, sourcesOf } from './registered.ts';
import { codesIn, isCodeAlone, typedLines } from './typed-code.ts';
import { type Unclear, understand, type Wish } from './understand.ts';
import { saysDeny, saysNot } from './words.ts';

/** What was found out on the way in. Only `PASS` is trusted: not `GRAY`, nor a check that failed. */
export interface Verdicts {
  spam: string;
  virus: string;
  dmarc: string;
}

export type Quarantined =
  /** It was stored, and what SES said of it never came. */
  | 'eventLost'
  | 'virus'
  | 'spam'
  | 'unreadable'
  | 'repeatedHeader'
  | 'noSingleAuthor'
  | 'notAuthenticated';

/** What becomes of one message. What a person did not write, or cannot be known to have, does nothing. */
export type Fate =
  | { fate: 'quarantined'; reason: Quarantined; header?: string }
  | { fate: 'ignored'; reason: 'autoReply' | 'bounce' | 'list' | 'ownMail'; header: string }
  | { fate: 'request'; wishes: Wish[] }
  /** `recipient`: the author is one too, whose code it may be. */
  | { fate: 'confirmation'; code: string; requestId: string; recipient?: string }
  | { fate: 'denial'; code: string; requestId: string; why?: string }
  /** Of an erasure, by a recipient of what the platform hands on. */
  | { fate: 'acknowledgement'; code: string; requestId: string; recipient: string }
  /** `sources`: those that the author owns, who says nothing of others. */
  | { fate: 'decision'; as: MailRole[]; sources: string[]; requestIds: string[]; option: string }
  /** By the support contact, of a source that its mail is about; of all, if it is about a cycle. */
  | { fate: 'refresh'; sources: string[] }
  /** From somebody whom the platform does not know. Without a wish, somebody has to read it. */
  | { fate: 'intake'; wish?: Wish }
  | {
      fate: 'unclear';
      as: MailRole[];
      reason: Unclear | 'severalCodes' | 'besideCode' | 'noCode' | 'noWish' | 'decidesNothing';
    };

export interface Arrived {
  read: ReadMessage;
  verdicts?: Verdicts | undefined;
  platform: Addressed;
}

/** The tenant admin of it is the one who is registered. */
type Addressed = Platform & { tenantAdmin: Pick<Admin, 'email'> };

export function fateOf({ read, verdicts, platform }: Arrived): Fate {
  if (!verdicts) return quarantined('eventLost');
  if (verdicts.virus !== 'PASS') return quarantined('virus');
  if (verdicts.spam !== 'PASS') return quarantined('spam');
  if (read.outcome === 'unreadable') return quarantined('unreadable');
  const { message } = read;
  const { from, automatic, repeated } = message;
  if (from !== undefined && isOwn(from, platform)) return ignored('ownMail', 'from');
  if (automatic) return ignored(automatic.reason, automatic.header);
  if (from !== undefined && isRobot(from)) return ignored('bounce', 'from');
  const [header] = repeated;
  if (header !== undefined) return { ...quarantined('repeatedHeader'), header };
  if (from === undefined) return quarantined('noSingleAuthor');
  if (verdicts.dmarc !== 'PASS') return quarantined('notAuthenticated');
  const roles = rolesOf(from, platform);
  if (roles.length === 0) return intake(message, from, platform);
  const recipient = recipientOf(from, platform);
  if (roles.includes('tenantAdmin'))
    return fromTenantAdmin(message, { roles, sources: [], recipient }, platform);
  const author = { roles, sources: sourcesOf(from, platform), recipient };
  return fromColleague(message, author, platform);
}

const quarantined = (reason: Quarantined): Fate & { fate: 'quarantined' } => ({
  fate: 'quarantined',
  reason,
});

const ignored = (reason: (Fate & { fate: 'ignored' })['reason'], header: string): Fate => ({
  fate: 'ignored',
  reason,
  header,
});

/** A reply names its request; anything else is a new wish. */
function fromTenantAdmin(message: Message, author: Author, platform: Addressed): Fate {
  const { roles } = author;
  const { requestIds, ownLines, subject } = message;
  const isReply = requestIds.length > 0;
  const reply = isReply ? replyTo(requestIds, typedLines(ownLines), author) : undefined;
  if (reply && !(reply.fate === 'unclear' && reply.reason === 'noCode')) return reply;
  // Our own subject says what the request before was about.
  const texts = requestIds.some((id) => subject.includes(id)) ? ownLines : [subject, ...ownLines];
  const known = (identity: Identity) => isOurs(identity, platform);
  const understood = understand(texts, platform, known);
  if (understood.outcome === 'understood') return { fate: 'request', wishes: understood.wishes };
  return reply ?? { fate: 'unclear', as: roles, reason: understood.why };
}

/** Who is registered with the platform stands in signatures; requests about them go by the desk. */
const isOurs = ({ value }: Identity, platform: Addressed): boolean => {
  const address = comparable(value);
  return (
    address !== undefined && (isOwn(address, platform) || rolesOf(address, platform).length > 0)
  );
};

/** Words alone on the first line, and the option that each chooses. */
const DECISIONS: Record<string, string> = { done: 'confirmDeleted', retry: 'tryAgain' };

interface Author {
  roles: MailRole[];
  /** Of which they are the owner. */
  sources: string[];
  /** Who they are among the recipients. */
  recipient?: string | undefined;
}

function replyTo(requestIds: string[], ownLines: string[], author: Author): Fate {
  const { roles, recipient } = author;
  const codes = codesIn(ownLines);
  const [code, another] = codes;
  if (another !== undefined) return { fate: 'unclear', as: roles, reason: 'severalCodes' };
  const [requestId] = requestIds;
  if (code === undefined || requestId === undefined)
    return roles.every((role) => role === 'recipient')
      ? { fate: 'unclear', as: roles, reason: 'noCode' }
      : decisionOn(requestIds, ownLines, author);
  const words = ownLines.join('\n');
  const isAdmin = roles.includes('tenantAdmin');
  if (isAdmin && saysDeny(words))
    return { fate: 'denial', code, requestId, why: reasonIn(ownLines) };
  // "Do not export this" beside the code is no confirmation, and neither is anything else.
  if (saysDeny(words) || saysNot(words)) return { fate: 'unclear', as: roles, reason: 'negated' };
  if (!isCodeAlone(ownLines)) return { fate: 'unclear', as: roles, reason: 'besideCode' };
  if (isAdmin) return { fate: 'confirmation', code, requestId, ...(recipient && { recipient }) };
  return recipient
    ? { fate: 'acknowledgement', code, requestId, recipient }
    : decisionOn(requestIds, ownLines, author);
}

const LONGEST_REASON = 1000;
const reasonIn = (lines: string[]): string | undefined =>
  lines
    .filter((line) => codesIn([line]).length === 0)
    .join(' ')
    .slice(0, LONGEST_REASON) || undefined;

const firstWord = (ownLines: string[]): string =>
  (ownLines[0] ?? '').toLowerCase().replace(/[.!]$/, '');

function decisionOn(
  requestIds: string[],
  ownLines: string[],
  { roles: as, sources }: Author,
): Fate {
  const option = DECISIONS[firstWord(ownLines)];
  return option === undefined
    ? { fate: 'unclear', as, reason: 'noCode' }
    : { fate: 'decision', as, sources, requestIds, option };
}

/** Of these, only a recipient is sent codes. */
function fromColleague(message: Message, author: Author, platform: Addressed): Fate {
  const { roles: as } = author;
  const { requestIds, ownLines } = message;
  if (as.includes('supportContact') && requestIds.length === 0) {
    const refresh = refreshAsked(message, platform);
    if (refresh) return refresh;
  }
  // Nothing ever waits on the support contact.
  if (as.every((role) => role === 'supportContact'))
    return { fate: 'unclear', as, reason: 'decidesNothing' };
  if (requestIds.length === 0) return { fate: 'unclear', as, reason: 'noWish' };
  const reply = author.recipient ? replyTo : decisionOn;
  return reply(requestIds, typedLines(ownLines), author);
}

/** `retry`, in answer to a mail whose subject names a source or a cycle: `[crm] refresh failed for good`. */
function refreshAsked({ subject, ownLines }: Message, { sources }: Addressed): Fate | undefined {
  const [, about = ''] = /\[([^\]\s]+)\]/.exec(subject) ?? [];
  if (firstWord(typedLines(ownLines)) !== 'retry') return undefined;
  if (Object.hasOwn(sources, about)) return { fate: 'refresh', sources: [about] };
  return CycleId.safeParse(about).success ? { fate: 'refresh', sources: [] } : undefined;
}

/** Somebody writes about herself: an address beside her own may be somebody else's. */
function intake(message: Message, from: string, platform: Addressed): Fate {
  const type = Object.keys(platform.identityTypes).find(
    (name) => platform.identityTypes[name]?.normalForm === 'email',
  );
  if (type === undefined) return { fate: 'intake' };
  const identity = { type, value: from };
  const understood = understand([message.subject, ...message.ownLines], platform, () => false);
  if (understood.outcome === 'unclear')
    return understood.kind
      ? { fate: 'intake', wish: { kind: understood.kind, subjectKind: 'customer', identity } }
      : { fate: 'intake' };
  const [wish, ...others] = understood.wishes;
  return wish && others.length === 0 && comparable(wish.identity.value) === from
    ? { fate: 'intake', wish: { ...wish, identity } }
    : { fate: 'intake' };
}
