import { describe, expect, it } from '@jest/globals';
import {
  confirmationMail,
  dayWords,
  momentWords,
  packageCodeMail,
  packageMail,
  unconfirmedMail,
  undeliverableMail,
} from '../../lambdas/domain/loop-mails.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const CODE = '7GQ2M0XK';
const page = 'https://pages.example/confirm/0123456789abcdef0123456789abcdef';
const asked = {
  requestId: ID,
  kind: 'access' as const,
  masked: ['email a…t@e….org'],
  receivedOn: dayWords('2026-11-24T23:30:00Z', 'Europe/Berlin'),
  dueOn: dayWords('2026-12-28', 'Europe/Berlin'),
  page,
  code: CODE,
  isReminder: false,
};

describe('the mail that asks for a confirmation', () => {
  const { subject, text } = confirmationMail(asked);

  it('says what is asked, of whom (masked), by when, where, and with which code', () => {
    for (const words of [
      'copy of everything',
      'a…t@e….org',
      'Wednesday, 25 November',
      'Monday, 28 December 2026',
      page,
      '7GQ2-M0XK',
      ID,
    ])
      expect(text).toContain(words);
  });

  it('has neither a code nor an address of a page in its subject', () => {
    expect(subject).toBe(`Please confirm request ${ID}`);
  });

  it('says that an export expires, and that an erasure does not', () => {
    const until = momentWords('2026-12-09T09:00:00Z', 'Europe/Berlin');
    expect(confirmationMail({ ...asked, until }).text).toContain(
      'expires on Wednesday, 9 December 2026, 10:00 (Europe/Berlin), and nothing is handed over',
    );
    expect(confirmationMail({ ...asked, kind: 'erasure' }).text).toContain('the operator is asked');
  });

  it('says of a reminder that the code before does not work any more', () => {
    const again = confirmationMail({ ...asked, isReminder: true });
    expect(again.subject).toBe(`Still waiting: please confirm request ${ID}`);
    expect(again.text).toContain('the code of the mail before does not work any more');
  });

  it('names a user of the platform as one', () => {
    expect(confirmationMail({ ...asked, subjectKind: 'user' }).text).toContain('this user of');
  });
});

describe('the two mails about a package', () => {
  const where = packageMail({ requestId: ID, page, until: 'Friday', isReminder: false });
  const code = packageCodeMail({ requestId: ID, code: CODE });

  it('keep the address and the code apart', () => {
    expect(where.text).toContain(page);
    expect(where.text).not.toContain('7GQ2');
    expect(code.text).toContain('7GQ2-M0XK');
    expect(code.text).not.toContain('https://');
    for (const { subject } of [where, code]) expect(subject).not.toMatch(/7GQ2|https/);
  });

  it('say until when', () => expect(where.text).toContain('deleted on Friday'));

  it('say how an encrypted one is opened, and of any other nothing of it', () => {
    expect(where.text).not.toMatch(/encrypted|age1/);
    const offered = { requestId: ID, page, until: 'Friday', isReminder: false };
    const { text } = packageMail({ ...offered, encryptedFor: 'age1thekey' });
    expect(text).toContain('  age1thekey\n');
    expect(text).toContain(`age -d -i key.txt -o export-${ID}.zip export-${ID}.zip.age`);
  });
});

describe('the mails to the operator', () => {
  it('never hold a code or an address of a page', () => {
    for (const { subject, text } of [
      unconfirmedMail(ID, 'unconfirmed'),
      undeliverableMail(ID, { about: 'confirmation' }, 'bounce'),
      undeliverableMail(ID, { about: 'collection' }, 'complaint'),
      undeliverableMail(ID, { about: 'acknowledgement', recipient: 'mailing' }, 'bounce'),
    ]) {
      expect(`${subject} ${text}`).not.toMatch(/https?:|Code:/);
      expect(text).toContain(ID);
    }
  });
});
