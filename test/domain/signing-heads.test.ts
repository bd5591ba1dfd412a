import { describe, expect, it } from '@jest/globals';
import { lookFrom } from '../../lambdas/domain/evidence/signing-heads.ts';

describe('from when on a signer looks for entries', () => {
  it('is the beginning, where no head is', () => {
    expect(lookFrom(undefined, new Date('2026-11-25T10:00:00Z'))).toBeUndefined();
  });

  it('is an hour before the last head, and tomorrow is looked at too', () => {
    expect(lookFrom('2026-11-25T09:30:00.000Z', new Date('2026-11-25T10:00:00Z'))).toEqual({
      at: '2026-11-25T08:30:00.000Z',
      days: ['2026-11-25', '2026-11-26'],
    });
  });

  it('is two days before the last head, the first time of a day', () => {
    expect(lookFrom('2026-11-24T23:30:00.000Z', new Date('2026-11-25T00:30:00Z'))).toEqual({
      at: '2026-11-22T23:30:00.000Z',
      days: ['2026-11-22', '2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'],
    });
  });

  it('leaves no day out, when nobody has signed for a week', () => {
    const { at, days } =
      lookFrom('2026-02-25T12:00:00.000Z', new Date('2026-03-04T12:00:00Z')) ?? {};
    expect(at).toBe('2026-02-23T12:00:00.000Z');
    expect(days?.at(0)).toBe('2026-02-23');
    expect(days).toHaveLength(11);
    expect(days).toContain('2026-03-01');
    expect(days?.at(-1)).toBe('2026-03-05');
  });
});
