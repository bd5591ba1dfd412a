import type {
  Decide,
  Decided,
  OpenedRequest,
  RefreshRequested,
  RequestRefresh,
} from '../domain/desk.ts';
import type { Identity } from '../domain/identity.ts';
import type { Fate } from '../domain/mail/fate.ts';
import type { ArrivedMail } from '../domain/mail/inbound.ts';
import type { MailResult } from '../domain/mail/recorded.ts';
import type { MailRole } from '../domain/mail/registered.ts';
import type { Wish } from '../domain/mail/understand.ts';
import type { Role } from '../domain/wait.ts';

/** What a mail may bring about. */
export interface Desk {
  /** Nothing is done of it before the registered tenant admin has confirmed it. */
  openRequest(
    asked: {
      identities: Identity[];
      kind: Wish['kind'];
      subjectKind: Wish['subjectKind'];
      receivedAt: string;
      by: string;
      channel: 'mail';
      confirm: true;
    },
    now: Date,
  ): Promise<OpenedRequest>;
  confirmByCode(typed: TypedCode, now: Date): Promise<MailResult>;
  denyByCode(typed: TypedCode & { reason?: string }, now: Date): Promise<MailResult>;
  acknowledgeByReply(
    typed: { code: string; requestId: string; recipient: string; message: string },
    now: Date,
  ): Promise<MailResult>;
  decide(decision: Decide): Promise<Decided>;
  requestRefresh(asked: RequestRefresh): Promise<RefreshRequested>;
}

interface TypedCode {
  code: string;
  requestId: string;
  via: 'reply';
  message: string;
}

/** Does what a message asks. Asked again, every act finds that it was done, and changes nothing. */
export async function act(
  fate: Fate,
  { mailId, receivedAt }: Pick<ArrivedMail, 'mailId' | 'receivedAt'>,
  desk: Desk,
  now: Date,
): Promise<MailResult[]> {
  switch (fate.fate) {
    case 'request':
      return openEach(fate.wishes, receivedAt, desk, now);
    case 'intake':
      return openEach(fate.wish ? [fate.wish] : [], receivedAt, desk, now);
    case 'confirmation': {
      const { code, requestId, recipient } = fate;
      const came = await desk.confirmByCode(
        { code, requestId, via: 'reply', message: mailId },
        now,
      );
      const isOther = came.outcome === 'unknown' || came.outcome === 'alreadyUsed';
      if (!recipient || !isOther) return [opaque(came)];
      const typed = { code, requestId, recipient, message: mailId };
      return [opaque(await desk.acknowledgeByReply(typed, now))];
    }
    case 'acknowledgement': {
      const { code, requestId, recipient } = fate;
      const typed = { code, requestId, recipient, message: mailId };
      return [opaque(await desk.acknowledgeByReply(typed, now))];
    }
    case 'denial': {
      const { code, requestId, why: reason } = fate;
      const typed = { code, requestId, via: 'reply', message: mailId, reason } as const;
      return [opaque(await desk.denyByCode(typed, now))];
    }
    case 'decision':
      return decideEach(fate, desk);
    case 'refresh':
      return [await refreshed(fate.sources, desk)];
    case 'unclear':
    case 'ignored':
    case 'quarantined':
      return [];
    default:
      return fate satisfies never;
  }
}

/** A message that is handled again asks for one more refresh, which harms nobody. */
async function refreshed(sources: string[], desk: Desk): Promise<MailResult> {
  const { outcome } = await desk.requestRefresh({ sources, by: 'mail' });
  return { outcome };
}

async function openEach(
  wishes: Wish[],
  receivedAt: string,
  desk: Desk,
  now: Date,
): Promise<MailResult[]> {
  const results: MailResult[] = [];
  for (const { kind, subjectKind, identity } of wishes) {
    const opened = await desk.openRequest(
      {
        ...{ identities: [identity], kind, subjectKind, receivedAt },
        ...{ by: 'mail', channel: 'mail', confirm: true },
      },
      now,
    );
    results.push(
      opened.outcome === 'invalid'
        ? { outcome: 'invalid' }
        : { outcome: opened.outcome, requestId: opened.requestId },
    );
  }
  return results;
}

/** Who decides by mail decides as by the desk; the support contact and recipients decide nothing there. */
const DESK_ROLES: Record<MailRole, Role | undefined> = {
  tenantAdmin: 'tenantAdmin',
  operator: 'operator',
  sourceOwner: 'sourceOwner',
  supportContact: undefined,
  recipient: undefined,
};

/** In each of somebody's roles, until one of them may. */
async function decideEach(
  { as, sources, requestIds, option }: Fate & { fate: 'decision' },
  desk: Desk,
): Promise<MailResult[]> {
  const roles = as.flatMap((role) => DESK_ROLES[role] ?? []);
  const results: MailResult[] = [];
  for (const requestId of requestIds) {
    let outcome: Decided['outcome'] = 'notYourRole';
    for (const role of roles) {
      if (outcome !== 'notYourRole') break;
      const ofSources = role === 'sourceOwner' ? { ofSources: sources } : {};
      const decision = { target: requestId, option, as: role, by: 'mail', ...ofSources };
      ({ outcome } = await desk.decide(decision));
    }
    results.push({ outcome, requestId });
  }
  return results;
}

const opaque = ({ outcome, requestId, triesLeft }: MailResult): MailResult => ({
  outcome,
  ...(requestId !== undefined && { requestId }),
  ...(triesLeft !== undefined && { triesLeft }),
});
