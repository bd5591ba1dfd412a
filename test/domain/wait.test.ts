import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CLOSING_OPTIONS,
  expiryOf,
  isUntold,
  latestDue,
  mayDecide,
  nudge,
  ROLES,
  type Wait,
} from '../../lambdas/domain/wait.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const PATIENCE = { remindSeconds: 60, escalateSeconds: 600, patienceSeconds: 900 };
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000).toISOString();
const aWait = (wait: Partial<Pick<Wait, 'role' | 'deadline'>> = {}) => ({
  role: 'sourceOwner' as const,
  deadline: at(300),
  ...wait,
});

describe('a wait that its deadline ends', () => {
  it('ends at the deadline, whoever it was on', () => {
    for (const role of [...ROLES, undefined])
      expect(expiryOf({ role, deadline: at(0) }, NOW, PATIENCE)).toEqual({ nudge: 'expire' });
  });

  it('reminds whoever it is on before that, and passes it to nobody', () => {
    expect(expiryOf({ role: 'tenantAdmin', deadline: at(300) }, NOW, PATIENCE)).toEqual({
      nudge: 'remind',
      role: 'tenantAdmin',
      remindAt: at(60),
      deadline: at(300),
    });
  });

  it('reminds nobody of what only time ends, and is looked at again no later than it ends', () => {
    const kept = (seconds: number) => expiryOf({ deadline: at(seconds) }, NOW, PATIENCE);
    expect(kept(300)).toEqual({ nudge: 'later', remindAt: at(60) });
    expect(kept(20)).toEqual({ nudge: 'later', remindAt: at(20) });
  });
});

describe('silence', () => {
  it('counts only of whoever was told, where something happens by it', () => {
    for (const kind of ['acknowledgement', 'openPackages', 'adminChange'] as const) {
      expect(isUntold({ kind })).toBe(true);
      expect(isUntold({ kind, toldAt: at(0) })).toBe(false);
    }
    for (const kind of ['confirmation', 'collection', 'packageKept', 'packagesAway'] as const)
      expect(isUntold({ kind })).toBe(false);
  });
});

describe('a wait whose time has come', () => {
  it('reminds the same role before the deadline, which stays', () => {
    expect(nudge(aWait(), NOW, PATIENCE)).toEqual({
      nudge: 'remind',
      role: 'sourceOwner',
      remindAt: at(60),
      deadline: at(300),
    });
  });

  it('goes to the next one up at the deadline, and to nobody beside the operator', () => {
    const passed = (role: Wait['role']) => nudge(aWait({ role, deadline: at(0) }), NOW, PATIENCE);
    expect(passed('sourceOwner')).toEqual({
      nudge: 'escalate',
      role: 'tenantAdmin',
      remindAt: at(60),
      deadline: at(600),
    });
    expect(passed('tenantAdmin')).toMatchObject({ nudge: 'escalate', role: 'operator' });
    expect(passed('operator')).toEqual({ nudge: 'remind', role: 'operator', remindAt: at(60) });
  });

  it('reminds whoever has no deadline for ever', () => {
    expect(nudge({ role: 'tenantAdmin' }, NOW, PATIENCE)).toMatchObject({
      nudge: 'remind',
      role: 'tenantAdmin',
    });
  });

  it('always names a role and a time to come, and never goes down or ends the wait', () =>
    fc.assert(
      fc.property(
        fc.option(fc.constantFrom(...ROLES), { nil: undefined }),
        fc.option(fc.integer({ min: -9999, max: 9999 }), { nil: undefined }),
        (role, seconds) => {
          const deadline = seconds === undefined ? undefined : at(seconds);
          const next = nudge({ role, deadline }, NOW, PATIENCE);
          expect(ROLES.indexOf(next.role)).toBeGreaterThanOrEqual(
            role ? ROLES.indexOf(role) : ROLES.length - 1,
          );
          expect(next.remindAt > NOW.toISOString()).toBe(true);
          expect((next.deadline ?? at(1)) > NOW.toISOString()).toBe(true);
        },
      ),
    ));
});

describe('a clock that was wrong when somebody was asked', () => {
  const DAYS = 86_400;
  const anyJump = fc.integer({ min: -60 * DAYS, max: 60 * DAYS });
  const anyRole = fc.constantFrom(...ROLES);
  const clock = (jump: number) => new Date(NOW.getTime() + jump * 1000);

  it('lets a deadline begin anew that nobody is ever given', () => {
    expect(nudge(aWait({ deadline: at(40 * DAYS) }), NOW, PATIENCE)).toEqual({
      nudge: 'remind',
      role: 'sourceOwner',
      remindAt: at(60),
      deadline: at(600),
    });
    expect(nudge(aWait({ deadline: at(900) }), NOW, PATIENCE).deadline).toBe(at(900));
  });

  it('keeps the next reminder and the next deadline as near as they always are', () =>
    fc.assert(
      fc.property(anyRole, anyJump, anyJump, (role, opened, nudged) => {
        const deadline = new Date(clock(opened).getTime() + 600_000).toISOString();
        const once = nudge({ role, deadline }, clock(nudged), PATIENCE);
        expect(latestDue(clock(nudged), PATIENCE).toISOString() > once.remindAt).toBe(true);
        const twice = nudge(once, NOW, PATIENCE);
        expect(twice.remindAt).toBe(at(60));
        expect((twice.deadline ?? at(900)) <= at(900)).toBe(true);
        expect(ROLES.indexOf(twice.role)).toBeGreaterThanOrEqual(ROLES.indexOf(role));
      }),
    ));

  it('shows in what is due later than anything is when the clock is right', () =>
    fc.assert(
      fc.property(anyRole, anyJump, (role, jump) => {
        const { remindAt } = nudge({ role }, clock(jump), PATIENCE);
        const isLate = remindAt > latestDue(NOW, PATIENCE).toISOString();
        expect(isLate).toBe(jump > 60);
      }),
    ));
});

describe('who may decide', () => {
  const ofTenant = { role: 'tenantAdmin' as const };
  const ofOperator = { role: 'operator' as const };

  it('a source’s owner says only that the person is gone there', () => {
    expect(mayDecide('sourceOwner', ofTenant, 'confirmDeleted')).toBe(true);
    for (const option of ['giveUp', 'tryAgain', ...CLOSING_OPTIONS])
      expect(mayDecide('sourceOwner', ofTenant, option)).toBe(false);
  });

  it('the tenant admin decides all but what waits for the operator, and closes anything', () => {
    expect(mayDecide('tenantAdmin', ofTenant, 'giveUp')).toBe(true);
    expect(mayDecide('tenantAdmin', ofOperator, 'resume')).toBe(false);
    for (const option of CLOSING_OPTIONS) {
      expect(mayDecide('tenantAdmin', ofOperator, option)).toBe(true);
      expect(mayDecide('tenantAdmin', undefined, option)).toBe(true);
    }
  });

  it('the tenant admin still decides what was passed up to the operator', () => {
    const passedUp = { role: 'operator' as const, firstRole: 'tenantAdmin' as const };
    expect(mayDecide('tenantAdmin', passedUp, 'giveUp')).toBe(true);
  });

  it('nobody decides what takes a code, the operator neither; denying takes none', () => {
    for (const role of ROLES)
      for (const option of ['confirmed', 'collected'])
        expect(mayDecide(role, ofTenant, option)).toBe(false);
    expect(mayDecide('tenantAdmin', ofTenant, 'denied')).toBe(true);
  });

  it('the operator decides everything else', () => {
    for (const option of ['resume', 'giveUp', 'confirmDeleted', ...CLOSING_OPTIONS])
      expect(mayDecide('operator', ofTenant, option)).toBe(true);
  });
});
