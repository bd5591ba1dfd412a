import type { Decide, OpenedRequest } from '../../lambdas/domain/desk.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import type { Desk } from '../../lambdas/steps/acting-on-mail.ts';

type Opened = Parameters<Desk['openRequest']>[0];

/** What a mail brought about, and a desk that knows one code. */
export class ADesk implements Desk {
  readonly opened: Opened[] = [];
  readonly confirmed: string[] = [];
  readonly acknowledged: string[] = [];
  readonly denied: (string | undefined)[] = [];
  readonly decided: string[] = [];
  readonly refreshed: string[][] = [];
  private readonly open = new Map<string, RequestId>();

  constructor(
    private readonly code: string,
    private readonly nextId: () => string,
  ) {}

  async openRequest(asked: Opened): Promise<OpenedRequest> {
    const key = JSON.stringify([asked.kind, asked.identities]);
    const before = this.open.get(key);
    if (before) return { outcome: 'alreadyOpen', requestId: before };
    const requestId = RequestId.parse(this.nextId());
    this.open.set(key, requestId);
    this.opened.push(asked);
    const due = { dueOn: '2026-12-28', unrolledDueOn: '2026-12-25', timeZone: 'Europe/Berlin' };
    return { outcome: 'opened', requestId, ...due };
  }

  async confirmByCode({ code, requestId }: { code: string; requestId: string }) {
    if (code !== this.code) return { outcome: 'wrongCode', requestId, triesLeft: 4 };
    if (this.confirmed.includes(requestId)) return { outcome: 'alreadyUsed', requestId };
    this.confirmed.push(requestId);
    return { outcome: 'accepted', requestId };
  }

  async acknowledgeByReply({
    code,
    requestId,
    recipient,
  }: Parameters<Desk['acknowledgeByReply']>[0]) {
    if (code !== this.code) return { outcome: 'wrongCode', requestId, triesLeft: 4 };
    this.acknowledged.push(`${requestId} by ${recipient}`);
    return { outcome: 'accepted', requestId };
  }

  async denyByCode({ reason, requestId }: { reason?: string; requestId: string }) {
    this.denied.push(reason);
    return { outcome: 'accepted', requestId };
  }

  async decide({ target, option, as, ofSources }: Decide) {
    const of = ofSources ? ` of ${ofSources}` : '';
    this.decided.push(`${target} ${option} ${as}${of}`);
    return { outcome: 'accepted' as const, words: 'Recorded.' };
  }

  async requestRefresh({ sources }: { sources: string[] }) {
    this.refreshed.push(sources);
    return { outcome: 'queued' as const };
  }
}
