import { describe, expect, it } from '@jest/globals';
import { RESTARTS, restartOf } from '../../lambdas/domain/restart.ts';

const open = { status: 'open' as const, restarts: 0 };
const tired = { ...open, restarts: RESTARTS };
const resumed = { answer: { option: 'resume', by: 'an-operator', at: '2026-03-01T10:00:00.000Z' } };

describe('a request', () => {
  it('is left alone while it runs, and when it is closed', () => {
    expect(restartOf(open, 'running', undefined)).toBe('nothing');
    for (const latest of ['running', 'died', 'succeeded', 'missing'] as const)
      expect(restartOf({ ...open, status: 'closed' }, latest, undefined)).toBe('nothing');
  });

  it('is started where somebody died between naming an attempt and starting it', () => {
    expect(restartOf(tired, 'missing', undefined)).toBe('start');
  });

  it('goes on with the next attempt, and waits on the operator after three in vain', () => {
    expect(restartOf(open, 'died', undefined)).toBe('nextAttempt');
    expect(restartOf(tired, 'died', undefined)).toBe('askOperator');
  });

  it('waits while the operator has not answered, and goes on at once when one has', () => {
    expect(restartOf(open, 'died', {})).toBe('nothing');
    expect(restartOf(tired, 'died', resumed)).toBe('nextAttempt');
  });
});
