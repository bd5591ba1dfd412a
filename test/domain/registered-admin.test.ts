import { describe, expect, it } from '@jest/globals';
import {
  type Admin,
  afterChange,
  changeAfterSeconds,
  isSameAdmin,
  nextMove,
  type Registration,
} from '../../lambdas/domain/registered-admin.ts';
import { chainOf } from '../../lambdas/domain/wait-owner.ts';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const anAdmin = (own: Partial<Admin> = {}): Admin => ({
  email: 'old@shop.example',
  changeAfter: '7d',
  ...own,
});
const OLD = anAdmin();
const NEW = anAdmin({ email: 'new@shop.example' });
const THIRD = anAdmin({ email: 'third@shop.example' });
const registered = (own: Partial<Registration> = {}): Registration => ({
  admin: OLD,
  since: '2026-01-01T00:00:00.000Z',
  asked: 1,
  ...own,
});

describe('what the file names', () => {
  it.each<[what: string, before: Registration | undefined, named: Admin, move: string]>([
    ['registers the first', undefined, OLD, 'register'],
    ['who is registered changes nothing', registered(), OLD, 'nothing'],
    ['another is asked about', registered(), NEW, 'ask'],
    ['another key is asked about', registered(), anAdmin({ packageKey: 'age1a' }), 'ask'],
    ['a shorter wait is asked about', registered(), anAdmin({ changeAfter: '1d' }), 'ask'],
    ['who is pending is not asked about again', registered({ pending: NEW }), NEW, 'nothing'],
    ['put back, the pending one is withdrawn', registered({ pending: NEW }), OLD, 'withdraw'],
    ['a third withdraws the pending one first', registered({ pending: NEW }), THIRD, 'withdraw'],
    ['a denied one is not asked about again', registered({ denied: NEW }), NEW, 'nothing'],
    ['another than the denied one is asked about', registered({ denied: NEW }), THIRD, 'ask'],
    ['put back, the denial is forgotten', registered({ denied: NEW }), OLD, 'forgetDenial'],
    [
      'the denied address with another key is another',
      registered({ denied: NEW }),
      { ...NEW, packageKey: 'age1a' },
      'ask',
    ],
  ])('%s', (_, before, named, move) => {
    expect(nextMove(before, named)).toBe(move);
  });

  it('is the same however its address is spelled', () => {
    expect(isSameAdmin(OLD, anAdmin({ email: 'Old@SHOP.example' }))).toBe(true);
    expect(isSameAdmin(OLD, anAdmin({ email: 'old@shop.example.org' }))).toBe(false);
  });
});

describe('a change that has ended', () => {
  const pending = registered({ pending: { ...NEW, packageKey: 'age1a' } });

  it.each(['confirmed', 'expired'] as const)('%s registers address and key together', (end) => {
    expect(afterChange(pending, end, NOW)).toEqual({
      admin: { ...NEW, packageKey: 'age1a' },
      since: NOW.toISOString(),
      asked: 1,
      mailAnew: true,
    });
  });

  it('of the key alone mails nobody anew', () => {
    const ofKey = registered({ pending: { ...OLD, packageKey: 'age1a' } });
    expect(afterChange(ofKey, 'confirmed', NOW).mailAnew).toBeUndefined();
  });

  it('denied or withdrawn leaves who is registered', () => {
    expect(afterChange(pending, 'denied', NOW)).toMatchObject({
      admin: OLD,
      denied: { ...NEW, packageKey: 'age1a' },
    });
    const withdrawn = afterChange(pending, 'withdrawn', NOW);
    expect(withdrawn).toEqual(registered());
  });

  it('changes nothing twice', () => {
    expect(afterChange(registered(), 'expired', NOW)).toEqual(registered());
  });
});

it('waits as many days as the file says', () => {
  expect(changeAfterSeconds({ changeAfter: '7d' })).toBe(7 * 86_400);
  expect(changeAfterSeconds({ changeAfter: '30d' })).toBe(30 * 86_400);
});

it('stands in the chain of the platform, and a request in its own', () => {
  expect(chainOf('admin#3')).toBe('platform');
  expect(chainOf('line#cycles')).toBe('platform');
  expect(chainOf('01KAYF7R2M9D4Q8XWB3ZC5V6TN')).toBe('request/01KAYF7R2M9D4Q8XWB3ZC5V6TN');
});
