import { describe, expect, it } from '@jest/globals';
import { isAdmitted } from '../../lambdas/domain/cycle-plan.ts';
import { PlaceHold } from '../../lambdas/domain/desk.ts';
import { afterHold, interruptionOf, whyNotHeld } from '../../lambdas/domain/hold.ts';
import { holdMail } from '../../lambdas/domain/mails.ts';
import { mayDecide } from '../../lambdas/domain/wait.ts';

const since = '2026-03-01T10:00:00.000Z';
const legalHold = { n: 1, since, by: 'an-operator', reasonCode: 'litigation' };
const closing = { option: 'cancelled' as const, by: 'x', reasonCode: 'none', at: since };

describe('a legal hold', () => {
  it('can be placed on what is open, and not being closed', () => {
    expect(whyNotHeld({})).toBeUndefined();
    expect(whyNotHeld({ outcome: 'erased' })).toContain('erased');
    expect(whyNotHeld({ certifiedAt: since })).toContain('certificate');
    expect(whyNotHeld({ closing })).toContain('cancelled');
    expect(whyNotHeld({ legalHold })).toContain(since);
  });

  it('stops a step, and after it a step of the round before it', () => {
    expect(interruptionOf({ round: 1 }, 1)).toBeUndefined();
    expect(interruptionOf({ legalHold, round: 1 }, 1)).toEqual({ outcome: 'held' });
    const after = afterHold({ round: 1 });
    expect(after).toEqual({ legalHold: undefined, status: 'open', round: 2, extraRounds: 1 });
    expect(interruptionOf(after, 1)).toEqual({ outcome: 'nextRound' });
    expect(interruptionOf(after, 2)).toBeUndefined();
  });

  it('keeps a request out of every cycle', () => {
    expect(isAdmitted({ status: 'open' })).toBe(true);
    expect(isAdmitted({ status: 'waiting', legalHold })).toBe(false);
  });

  it('is released by tenant or operator, not by the owner of a source', () => {
    const wait = { role: 'tenantAdmin' as const };
    expect(mayDecide('tenantAdmin', wait, 'release')).toBe(true);
    expect(mayDecide('operator', wait, 'release')).toBe(true);
    expect(mayDecide('sourceOwner', wait, 'release')).toBe(false);
  });

  it('has a reason that points at nobody', () => {
    const reason = (reasonCode: string) => PlaceHold.shape.reasonCode.safeParse(reasonCode).success;
    expect(reason('litigation')).toBe(true);
    for (const words of ['', 'Anna Weiss', 'anna@post.example', 'a case', '17'])
      expect(reason(words)).toBe(false);
  });

  it('is told with its day, and that the clock runs', () => {
    const mail = holdMail({ owner: '01KA', reasonCode: 'litigation', since }, false);
    expect(mail.subject).toBe('Request 01KA is still on legal hold');
    expect(mail.text).toContain(since);
    expect(mail.text).toContain('legal clock keeps running');
    expect(mail.text).toContain('dsr release 01KA');
  });
});
