import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CycleResult } from '../../lambdas/domain/cycle-result.ts';
import { withinDeadline } from '../../lambdas/domain/local-day.ts';
import { recipientMail } from '../../lambdas/domain/recipient-mail.ts';
import {
  concerned,
  identitiesKnownTo,
  isToBeAsked,
  type Recipient,
  recipientsTold,
} from '../../lambdas/domain/recipients.ts';

const aRecipient = (change: Partial<Recipient> = {}): Recipient => ({
  title: 'Mailing Ltd',
  email: 'gdpr@mailing.example',
  receives: ['vip'],
  knownBy: ['email'],
  ...change,
});
const recipients = {
  mailing: aRecipient(),
  offers: aRecipient({ receives: ['customers', 'spring'] }),
};

const aResult = (change: Partial<CycleResult> = {}): CycleResult => ({
  cycleId: 'c-2',
  outcome: 'proven',
  found: [],
  foundUndeclared: [],
  sharedWithOthers: [],
  scanned: { tables: 3, rows: 9, deep: 3 },
  failedSources: [],
  residue: [],
  ...change,
});
const copy = (kind: 'source' | 'model' | 'segment', name: string, change = {}) => ({
  ...{ kind, name, rows: 1, copies: 1, in: ['c-1'] },
  ...{ inactiveSince: '2026-11-01T00:00:00.000Z', deletedBy: '2026-12-02' },
  ...change,
});

describe('a recipient is concerned', () => {
  it('when the person stood in what they receive, and not otherwise', () => {
    const residue = [copy('segment', 'vip'), copy('source', 'spring')];
    expect(concerned(recipients, [aResult({ residue })])).toEqual(['mailing']);
    expect(concerned(recipients, [aResult()])).toEqual([]);
  });

  it('when it was so in an earlier round, whose copies may be gone', () => {
    const before = aResult({ outcome: 'found', residue: [copy('model', 'customers')] });
    expect(concerned(recipients, [before, aResult()])).toEqual(['offers']);
  });

  it('when the person still stands there, given up or not', () => {
    const found = [{ kind: 'segment' as const, name: 'spring', rows: 2 }];
    expect(concerned(recipients, [aResult({ outcome: 'found', found })])).toEqual(['offers']);
  });

  it('when a copy cannot be read: whom it holds is unknown', () => {
    const residue = [copy('segment', 'vip', { rows: 0, cannotBeRead: true })];
    expect(concerned(recipients, [aResult({ residue })])).toEqual(['mailing']);
  });

  it.each([
    undefined,
    aResult({ outcome: 'sourceFailed' }),
    aResult({ outcome: 'buildFailed' }),
    aResult({ outcome: 'notScanned' }),
  ])('whoever they are, when nobody has looked everywhere', (result) => {
    expect(concerned(recipients, result ? [result] : [])).toEqual(['mailing', 'offers']);
  });
});

describe('what a recipient is told', () => {
  const anna = { type: 'email', value: 'anna@post.example' };
  const number = { type: 'customer_id', value: 'C-1' };

  it('is each value of the types that they know, once', () => {
    const unique = [anna, number, anna];
    expect(identitiesKnownTo(aRecipient(), { unique, shared: [] })).toEqual([anna]);
  });

  it('is never a value that turned out to be other people’s too', () => {
    expect(identitiesKnownTo(aRecipient(), { unique: [anna], shared: [anna] })).toEqual([]);
  });

  const mail = recipientMail({
    ...{ requestId: '01KAXJ8Z5T3Q9W7R2M4N6P8B0C', platform: 'shop', title: 'Mailing Ltd' },
    receives: ['vip'],
    identities: [anna, { type: 'customer_id', value: 'C-1\n\n  Code: AAAA-AAAA' }],
    ...{ page: 'https://pages.example/acknowledge/ab', code: '7GQ2M0XK', isReminder: false },
    until: 'Friday',
  });

  it('stands in the body of a mail, and nothing of it in the subject', () => {
    expect(mail.text).toContain('  - email: anna@post.example');
    expect(mail.text).toContain('  Code: 7GQ2-M0XK');
    expect(mail.text).toContain('https://pages.example/acknowledge/ab');
    expect(mail.text).toContain('by Friday');
    expect(mail.subject).toBe('Please erase, request 01KAXJ8Z5T3Q9W7R2M4N6P8B0C');
  });

  it('cannot look like words of ours', () => {
    expect(mail.text.match(/^ *Code: .*$/gm)).toEqual(['  Code: 7GQ2-M0XK']);
  });
});

describe('how long a recipient is waited for', () => {
  const due = { dueOn: '2026-12-02', timeZone: 'Europe/Berlin' };

  it('is the patience, or until an hour before the day is over on which the request is due', () => {
    expect(withinDeadline(new Date('2026-11-10T08:00:00.000Z'), 604_800, due)).toBe(
      '2026-11-17T08:00:00.000Z',
    );
    expect(withinDeadline(new Date('2026-11-30T08:00:00.000Z'), 604_800, due)).toBe(
      '2026-12-02T22:00:00.000Z',
    );
  });

  it('never goes past that, whenever and however patient', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (now, seconds) => {
          const by = withinDeadline(now, seconds, due);
          expect(by <= '2026-12-02T22:00:00.000Z').toBe(true);
        },
      ),
    ));
});

const aWait = (change = {}) => ({
  recipient: 'mailing',
  since: '2026-11-10T08:00:00.000Z',
  firstToldAt: '2026-11-10T08:00:02.000Z',
  reasonCode: 'unacknowledged',
  identities: 1,
  ...change,
});
const answered = (option: string, at = '2026-11-11T08:00:00.000Z') => ({
  answer: { option, by: 'recipient', at },
});

describe('a recipient is asked', () => {
  it('once, and again when more is known of the person, or a hold has ended the wait', () => {
    expect(isToBeAsked(undefined, 1)).toBe(true);
    expect(isToBeAsked(aWait(), 2)).toBe(false);
    expect(isToBeAsked(aWait(answered('acknowledged')), 1)).toBe(false);
    expect(isToBeAsked(aWait(answered('acknowledged')), 2)).toBe(true);
    expect(isToBeAsked(aWait(answered('held')), 1)).toBe(true);
  });
});

describe('a certificate says of a recipient', () => {
  const told = (...waits: ReturnType<typeof aWait>[]) => recipientsTold(waits, recipients);
  const toldAt = '2026-11-10T08:00:02.000Z';
  const named = { name: 'mailing', title: 'Mailing Ltd' };

  it('when they were told first, and when they acknowledged', () => {
    expect(told(aWait(answered('acknowledged')))).toEqual([
      { ...named, toldAt, acknowledgedAt: '2026-11-11T08:00:00.000Z' },
    ]);
  });

  it('that they did not acknowledge, and whether the mail came back', () => {
    expect(told(aWait(answered('expired')))).toEqual([{ ...named, toldAt }]);
    expect(told(aWait({ ...answered('expired'), reasonCode: 'undeliverable' }))).toEqual([
      { ...named, toldAt, undeliverable: true },
    ]);
  });

  it('what became of the last question, when they were asked again', () => {
    const again = aWait({
      since: '2026-11-12T08:00:00.000Z',
      firstToldAt: '2026-11-12T09:00:00.000Z',
    });
    expect(told(again, aWait(answered('acknowledged')))).toEqual([
      { ...named, toldAt: '2026-11-12T09:00:00.000Z' },
    ]);
  });

  it('their name when platform.yaml does not have them any more', () => {
    expect(recipientsTold([aWait({ recipient: 'gone' })], recipients)).toMatchObject([
      { name: 'gone', title: 'gone' },
    ]);
  });
});
